/// The answers to calls that read.
@NullMarked
package chat.milena.protocol.read;

import org.jspecify.annotations.NullMarked;

/// The frames of the server, read from their text.
@NullMarked
package chat.milena.bench.frame;

import org.jspecify.annotations.NullMarked;

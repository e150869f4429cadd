/// A conversation as clients see it, in frames, answers and entries.
@NullMarked
package chat.milena.protocol.conversation;

import org.jspecify.annotations.NullMarked;

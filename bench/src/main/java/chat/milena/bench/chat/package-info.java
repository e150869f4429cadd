/// A plain chat in a terminal: one user, one conversation, one line a message.
@NullMarked
package chat.milena.bench.chat;

import org.jspecify.annotations.NullMarked;

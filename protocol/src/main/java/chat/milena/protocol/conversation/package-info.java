/// Conversations and users as clients see them, in frames, answers and entries.
@NullMarked
package chat.milena.protocol.conversation;

import org.jspecify.annotations.NullMarked;

/// What a conversation is, and what has happened to it: immutable values, no I/O, no clock, no logger.
@NullMarked
package chat.milena.conversation.state;

import org.jspecify.annotations.NullMarked;

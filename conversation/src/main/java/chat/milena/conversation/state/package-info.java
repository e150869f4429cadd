/// The state of a conversation and its events: immutable values, no I/O, no clock, no logger.
@NullMarked
package chat.milena.conversation.state;

import org.jspecify.annotations.NullMarked;

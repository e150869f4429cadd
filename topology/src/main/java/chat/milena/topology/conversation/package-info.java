/// What a conversation is and what may happen to it: pure rules, no I/O, no clock, no logger.
@NullMarked
package chat.milena.topology.conversation;

import org.jspecify.annotations.NullMarked;

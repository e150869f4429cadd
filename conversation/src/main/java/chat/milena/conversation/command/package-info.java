/// Commands to a conversation, and their results: the arguments and the result of the rules.
@NullMarked
package chat.milena.conversation.command;

import org.jspecify.annotations.NullMarked;

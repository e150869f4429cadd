/// What users ask of a conversation, and what comes of it: the arguments and the result of the rules.
@NullMarked
package chat.milena.conversation.command;

import org.jspecify.annotations.NullMarked;

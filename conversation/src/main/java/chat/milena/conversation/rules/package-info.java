/// The rules: one file for each family of commands, no I/O, no clock, no logger.
///
/// [chat.milena.conversation.rules.ConversationRules] is the table of contents.
@NullMarked
package chat.milena.conversation.rules;

import org.jspecify.annotations.NullMarked;

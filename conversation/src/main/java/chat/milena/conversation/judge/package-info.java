/// What the rules of a tenant find in messages. Pure: [chat.milena.conversation.judge.Ruleset] judges, and
/// everything that it looks at is given.
@NullMarked
package chat.milena.conversation.judge;

import org.jspecify.annotations.NullMarked;

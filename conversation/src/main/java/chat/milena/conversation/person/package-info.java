/// The state of users outside of conversations: their commands and the results.
@NullMarked
package chat.milena.conversation.person;

import org.jspecify.annotations.NullMarked;

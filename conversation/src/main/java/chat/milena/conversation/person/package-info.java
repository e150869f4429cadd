/// What people keep as their own, beside any conversation: what they ask for, and what comes of it.
@NullMarked
package chat.milena.conversation.person;

import org.jspecify.annotations.NullMarked;

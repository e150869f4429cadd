/// The users who are typing, as far as this process knows, and the starts and stops that are sent to others.
@NullMarked
package chat.milena.ephemeral.typing;

import org.jspecify.annotations.NullMarked;

/// Who is typing, as far as this process knows, and which starts and stops are worth sending to others.
@NullMarked
package chat.milena.ephemeral.typing;

import org.jspecify.annotations.NullMarked;

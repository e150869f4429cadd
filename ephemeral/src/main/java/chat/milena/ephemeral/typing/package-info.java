/// Who is typing, as far as this process was told, and which starts and stops are worth telling others.
@NullMarked
package chat.milena.ephemeral.typing;

import org.jspecify.annotations.NullMarked;

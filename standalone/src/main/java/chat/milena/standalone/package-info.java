/// Milena in one process: the commands of the launcher.
@NullMarked
package chat.milena.standalone;

import org.jspecify.annotations.NullMarked;

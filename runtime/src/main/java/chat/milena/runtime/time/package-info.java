/// Time that runs evenly, whatever happens to the machine's clock, and timers that use it.
@NullMarked
package chat.milena.runtime.time;

import org.jspecify.annotations.NullMarked;

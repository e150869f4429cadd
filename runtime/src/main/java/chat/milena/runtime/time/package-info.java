/// Time that goes on evenly, whatever becomes of the machine's clock.
@NullMarked
package chat.milena.runtime.time;

import org.jspecify.annotations.NullMarked;

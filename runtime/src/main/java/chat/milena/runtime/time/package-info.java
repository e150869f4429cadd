/// Time that goes on evenly, whatever becomes of the machine's clock, and timers that go by it.
@NullMarked
package chat.milena.runtime.time;

import org.jspecify.annotations.NullMarked;

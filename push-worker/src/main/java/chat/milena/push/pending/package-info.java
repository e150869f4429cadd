/// What a user's devices may still be notified of in one conversation, as values and rules. No I/O, no clock.
@NullMarked
package chat.milena.push.pending;

import org.jspecify.annotations.NullMarked;

/// Deliveries to somebody outside: one bounded attempt, and a verdict on it. It knows nothing of chat.
@NullMarked
package chat.milena.push.courier;

import org.jspecify.annotations.NullMarked;

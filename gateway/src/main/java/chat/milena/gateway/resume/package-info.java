/// Resumed connections: positions as tokens, missed deliveries, and the switch to live frames.
@NullMarked
package chat.milena.gateway.resume;

import org.jspecify.annotations.NullMarked;

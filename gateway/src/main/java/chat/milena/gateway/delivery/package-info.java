/// From the deliveries topic to the right connections, in the order of the log.
@NullMarked
package chat.milena.gateway.delivery;

import org.jspecify.annotations.NullMarked;

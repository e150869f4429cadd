/// From the topic of deliveries to the right connections, in the order of the log.
@NullMarked
package chat.milena.gateway.delivery;

import org.jspecify.annotations.NullMarked;

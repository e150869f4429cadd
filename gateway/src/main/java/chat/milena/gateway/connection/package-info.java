/// Client connections: who is connected, what they may have in flight, and the one way to write to them.
@NullMarked
package chat.milena.gateway.connection;

import org.jspecify.annotations.NullMarked;

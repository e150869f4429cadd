/// The HTTP listener, the WebSocket handshake, and the gateway as a component of a process.
@NullMarked
package chat.milena.gateway.server;

import org.jspecify.annotations.NullMarked;

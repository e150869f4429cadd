/// The endpoints of clients, WebSocket, streams of events and polls, and the admission of clients.
@NullMarked
package chat.milena.gateway.edge;

import org.jspecify.annotations.NullMarked;

/// The ways in of clients: WebSocket, streams of events and polls, and who is admitted by them.
@NullMarked
package chat.milena.gateway.edge;

import org.jspecify.annotations.NullMarked;

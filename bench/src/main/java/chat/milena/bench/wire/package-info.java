/// What goes over the wire, below the chat client: HTTP calls, pooled connections, raw sockets, tokens, and the frames
/// of the server.
@NullMarked
package chat.milena.bench.wire;

import org.jspecify.annotations.NullMarked;

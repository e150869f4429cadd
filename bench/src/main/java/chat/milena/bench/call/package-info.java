/// HTTP calls and sockets below those of the chat client: REST, pooled connections, raw frames, and their tokens.
@NullMarked
package chat.milena.bench.call;

import org.jspecify.annotations.NullMarked;

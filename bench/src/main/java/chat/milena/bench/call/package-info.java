/// HTTP calls and sockets below those of the chat client: REST, pooled connections, raw frames, and tokens for them.
@NullMarked
package chat.milena.bench.call;

import org.jspecify.annotations.NullMarked;

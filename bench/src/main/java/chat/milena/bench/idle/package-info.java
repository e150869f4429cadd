/// Idle connections, and their cost for a server.
@NullMarked
package chat.milena.bench.idle;

import org.jspecify.annotations.NullMarked;

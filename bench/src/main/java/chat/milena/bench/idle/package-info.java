/// Connections that do nothing but live: what each of them costs a server.
@NullMarked
package chat.milena.bench.idle;

import org.jspecify.annotations.NullMarked;

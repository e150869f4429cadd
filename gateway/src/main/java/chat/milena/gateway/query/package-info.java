/// The query side in other processes: what a gateway asks of sync APIs over HTTP.
@NullMarked
package chat.milena.gateway.query;

import org.jspecify.annotations.NullMarked;

/// Access to Redis, for the ephemeral state that gateways share.
@NullMarked
package chat.milena.ephemeral.redis;

import org.jspecify.annotations.NullMarked;

/// The way to Redis, for what gateways share of the moment.
@NullMarked
package chat.milena.ephemeral.redis;

import org.jspecify.annotations.NullMarked;

package chat.milena.ephemeral.redis;

import redis.clients.jedis.exceptions.JedisException;

/// Redis does not answer, or not as expected. Nothing durable depends on it.
public final class StoreAwayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoreAwayException(String message) {
        super(message);
    }

    private StoreAwayException(JedisException cause) {
        super(cause.getClass().getSimpleName() + ": " + cause.getMessage(), cause);
    }

    /// An exception of Redis, or of the connection to it.
    public static StoreAwayException of(JedisException cause) {
        return new StoreAwayException(cause);
    }
}

package chat.milena.ephemeral.redis;

/// Ephemeral state that gateways share: Redis, once connected.
///
/// Every call may fail with a [StoreAwayException]; then the store must be closed and another one opened: see
/// [StoreThread].
public interface SharedStore extends AutoCloseable {
    @Override
    void close();
}

package chat.milena.ephemeral.redis;

/// What gateways share of the moment: Redis, once connected.
///
/// Every call may fail with a [StoreAwayException]; then the store is to be closed, and another one opened: see
/// [StoreThread].
public interface SharedStore extends AutoCloseable {
    @Override
    void close();
}

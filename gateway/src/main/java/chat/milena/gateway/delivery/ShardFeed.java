package chat.milena.gateway.delivery;

import java.util.List;

/// A stage of the way from a [ShardReader] to the sockets, on the reader's thread. While it blocks, nothing is read.
@FunctionalInterface
public interface ShardFeed {

    /// The reading of a shard begins, possibly again. Nothing before this offset is handed over, and everything from it
    /// on.
    default void begun(int shard, long offset) {}

    /// The next delivery of its shard.
    void accept(LoggedDelivery delivery);

    /// Nothing is left before this offset that has not been handed over.
    default void advanced(int shard, long offset) {}

    /// A shard is no longer read.
    default void ended(int shard) {}

    /// Stages as one. Each is handed everything, in this order; one that throws keeps a delivery from those behind it.
    static ShardFeed pipeline(ShardFeed... stages) {
        List<ShardFeed> all = List.of(stages);
        return new ShardFeed() {
            @Override
            public void begun(int shard, long offset) {
                all.forEach(stage -> stage.begun(shard, offset));
            }

            @Override
            public void accept(LoggedDelivery delivery) {
                all.forEach(stage -> stage.accept(delivery));
            }

            @Override
            public void advanced(int shard, long offset) {
                all.forEach(stage -> stage.advanced(shard, offset));
            }

            @Override
            public void ended(int shard) {
                all.forEach(stage -> stage.ended(shard));
            }
        };
    }
}

package chat.milena.gateway.delivery;

import java.util.List;

/// A stage between a [ShardReader] and the sockets, on the reader's thread. While it blocks, nothing is read.
@FunctionalInterface
public interface ShardFeed {

    /// Reading a shard starts, possibly again. Deliveries before this offset are not passed on; all later ones
    /// are.
    default void begun(int shard, long offset) {}

    /// The next delivery of its shard.
    void accept(LoggedDelivery delivery);

    /// All deliveries before this offset have been passed on.
    default void advanced(int shard, long offset) {}

    /// A shard is no longer read.
    default void ended(int shard) {}

    /// Several stages as one. Each gets everything, in this order; a stage that throws keeps the delivery from the
    /// later ones.
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

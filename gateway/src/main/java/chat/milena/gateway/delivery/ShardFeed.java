package chat.milena.gateway.delivery;

/// Takes what a [ShardReader] reads, on that reader's thread; while it blocks, nothing is read.
public interface ShardFeed {

    /// The reading of a shard begins, possibly anew: nothing before this offset is handed over, and everything behind
    /// it.
    void begun(int shard, long offset);

    /// The next delivery of its shard.
    void accept(PlacedDelivery delivery);

    /// Nothing is left before this offset that has not been handed over.
    void advanced(int shard, long offset);

    /// A shard is read no longer.
    void ended(int shard);
}

package chat.milena.schemas.key;

/// A user of one tenant. It owns a shard, and the partition of what is found by user.
public record UserKey(String tenant, String userId) {

    byte[] toBytes() {
        return KeyBytes.join(tenant, userId);
    }

    /// The shard, out of `shards`, that this user's deliveries go to.
    public ShardKey shard(int shards) {
        return new ShardKey(KeyBytes.partition(toBytes(), shards));
    }
}

package chat.milena.schemas.key;

/// A user of one tenant. It owns a shard, and the partition of what is found by user.
public record UserKey(String tenant, String userId) implements LogKey {

    @Override
    public byte[] toBytes() {
        return KeyBytes.join(tenant, userId);
    }

    @Override
    public int partition(int partitions) {
        return KeyBytes.partition(toBytes(), partitions);
    }

    /// The shard, out of `shards`, that this user's deliveries go to.
    public ShardKey shard(int shards) {
        return new ShardKey(KeyBytes.partition(toBytes(), shards));
    }

    /// Reads what [#toBytes()] wrote.
    ///
    /// @throws org.apache.kafka.common.errors.SerializationException if the bytes are no such key
    public static UserKey fromBytes(byte[] bytes) {
        String[] parts = KeyBytes.split(bytes, 2);
        return new UserKey(parts[0], parts[1]);
    }
}

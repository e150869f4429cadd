package chat.milena.schemas.key;

import chat.milena.schemas.id.Ids;

/// A user of one tenant. It determines a shard, and the partition of records by user.
public record UserKey(String tenant, String userId) implements LogKey {

    /// In the place of a user: everything about the moderation of a tenant. No user has its id.
    public static UserKey moderation(String tenant) {
        return new UserKey(tenant, Ids.MODERATION);
    }

    @Override
    public byte[] toBytes() {
        return KeyBytes.join(tenant, userId);
    }

    @Override
    public int partition(int partitions) {
        return KeyBytes.partition(toBytes(), partitions);
    }

    /// The shard, out of `shards`, of this user's deliveries.
    public ShardKey shard(int shards) {
        return new ShardKey(KeyBytes.partition(toBytes(), shards));
    }

    /// Reads the bytes of [#toBytes()].
    ///
    /// @throws org.apache.kafka.common.errors.SerializationException if the bytes are no such key
    public static UserKey fromBytes(byte[] bytes) {
        String[] parts = KeyBytes.split(bytes, 2);
        return new UserKey(parts[0], parts[1]);
    }
}

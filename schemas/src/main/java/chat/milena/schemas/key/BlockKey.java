package chat.milena.schemas.key;

/// Somebody whom a user has blocked.
public record BlockKey(UserKey user, String blockedId) implements LogKey {

    @Override
    public byte[] toBytes() {
        return KeyBytes.join(user.tenant(), user.userId(), blockedId);
    }

    @Override
    public int partition(int partitions) {
        return KeyBytes.partition(user.toBytes(), partitions);
    }

    /// Reads the bytes of [#toBytes()].
    ///
    /// @throws org.apache.kafka.common.errors.SerializationException if the bytes are no such key
    public static BlockKey fromBytes(byte[] bytes) {
        String[] parts = KeyBytes.split(bytes, 3);
        return new BlockKey(new UserKey(parts[0], parts[1]), parts[2]);
    }
}

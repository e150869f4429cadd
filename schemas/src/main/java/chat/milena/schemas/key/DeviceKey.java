package chat.milena.schemas.key;

/// A device of a user.
public record DeviceKey(UserKey user, String deviceId) implements LogKey {

    @Override
    public byte[] toBytes() {
        return KeyBytes.join(user.tenant(), user.userId(), deviceId);
    }

    @Override
    public int partition(int partitions) {
        return user.partition(partitions);
    }

    /// The bytes that the keys of all devices of a user, and no other key, begin with.
    public static byte[] prefix(UserKey user) {
        return KeyBytes.join(user.tenant(), user.userId(), "");
    }

    /// Reads the bytes of [#toBytes()].
    ///
    /// @throws org.apache.kafka.common.errors.SerializationException if the bytes are no such key
    public static DeviceKey fromBytes(byte[] bytes) {
        String[] parts = KeyBytes.split(bytes, 3);
        return new DeviceKey(new UserKey(parts[0], parts[1]), parts[2]);
    }
}

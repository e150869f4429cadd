package chat.milena.schemas.key;

/// A tenant.
public record TenantKey(String tenant) implements LogKey {

    @Override
    public byte[] toBytes() {
        return KeyBytes.join(tenant);
    }

    @Override
    public int partition(int partitions) {
        return KeyBytes.partition(toBytes(), partitions);
    }

    /// Reads the bytes of [#toBytes()].
    ///
    /// @throws org.apache.kafka.common.errors.SerializationException if the bytes are no such key
    public static TenantKey fromBytes(byte[] bytes) {
        return new TenantKey(KeyBytes.split(bytes, 1)[0]);
    }
}

package chat.milena.schemas.key;

/// A conversation of one tenant: the unit of order, and the partition key of most topics.
public record ConversationKey(String tenant, String conversationId) implements LogKey {

    @Override
    public byte[] toBytes() {
        return KeyBytes.join(tenant, conversationId);
    }

    @Override
    public int partition(int partitions) {
        return KeyBytes.partition(toBytes(), partitions);
    }

    /// Reads the bytes of [#toBytes()].
    ///
    /// @throws org.apache.kafka.common.errors.SerializationException if the bytes are no such key
    public static ConversationKey fromBytes(byte[] bytes) {
        String[] parts = KeyBytes.split(bytes, 2);
        return new ConversationKey(parts[0], parts[1]);
    }
}

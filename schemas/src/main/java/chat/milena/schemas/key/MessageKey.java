package chat.milena.schemas.key;

/// A message by the id of its sender, within its conversation: the key of dedup.
public record MessageKey(ConversationKey conversation, String messageId) implements LogKey {

    @Override
    public byte[] toBytes() {
        return KeyBytes.join(conversation.tenant(), conversation.conversationId(), messageId);
    }

    @Override
    public int partition(int partitions) {
        return conversation.partition(partitions);
    }

    /// Reads the bytes of [#toBytes()].
    ///
    /// @throws org.apache.kafka.common.errors.SerializationException if the bytes are no such key
    public static MessageKey fromBytes(byte[] bytes) {
        String[] parts = KeyBytes.split(bytes, 3);
        return new MessageKey(new ConversationKey(parts[0], parts[1]), parts[2]);
    }
}

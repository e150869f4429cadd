package chat.milena.schemas.key;

/// A user in a conversation, by conversation.
public record MemberKey(ConversationKey conversation, String userId) implements LogKey {

    @Override
    public byte[] toBytes() {
        return KeyBytes.join(conversation.tenant(), conversation.conversationId(), userId);
    }

    @Override
    public int partition(int partitions) {
        return conversation.partition(partitions);
    }

    /// The bytes with which the keys of all members of a conversation, and no other key, begin.
    public static byte[] prefix(ConversationKey conversation) {
        return KeyBytes.join(conversation.tenant(), conversation.conversationId(), "");
    }

    /// Reads the bytes of [#toBytes()].
    ///
    /// @throws org.apache.kafka.common.errors.SerializationException if the bytes are no such key
    public static MemberKey fromBytes(byte[] bytes) {
        String[] parts = KeyBytes.split(bytes, 3);
        return new MemberKey(new ConversationKey(parts[0], parts[1]), parts[2]);
    }
}

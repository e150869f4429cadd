package chat.milena.schemas.key;

/// A user in a conversation, by user.
public record MembershipKey(UserKey user, String conversationId) implements LogKey {

    @Override
    public byte[] toBytes() {
        return KeyBytes.join(user.tenant(), user.userId(), conversationId);
    }

    @Override
    public int partition(int partitions) {
        return KeyBytes.partition(user.toBytes(), partitions);
    }

    /// Reads the bytes of [#toBytes()].
    ///
    /// @throws org.apache.kafka.common.errors.SerializationException if the bytes are no such key
    public static MembershipKey fromBytes(byte[] bytes) {
        String[] parts = KeyBytes.split(bytes, 3);
        return new MembershipKey(new UserKey(parts[0], parts[1]), parts[2]);
    }
}

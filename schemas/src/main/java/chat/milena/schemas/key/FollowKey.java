package chat.milena.schemas.key;

/// A thread that a user follows, found by user.
///
/// @param rootId the message that begins the thread
public record FollowKey(UserKey user, String conversationId, String rootId) implements LogKey {

    @Override
    public byte[] toBytes() {
        return KeyBytes.join(user.tenant(), user.userId(), conversationId, rootId);
    }

    @Override
    public int partition(int partitions) {
        return user.partition(partitions);
    }

    /// The bytes that the keys of all threads of a user, and no other key, begin with.
    public static byte[] prefix(UserKey user) {
        return KeyBytes.join(user.tenant(), user.userId(), "");
    }

    /// The same of those in one conversation.
    public static byte[] prefix(UserKey user, String conversationId) {
        return KeyBytes.join(user.tenant(), user.userId(), conversationId, "");
    }

    /// Reads what [#toBytes()] wrote.
    ///
    /// @throws org.apache.kafka.common.errors.SerializationException if the bytes are no such key
    public static FollowKey fromBytes(byte[] bytes) {
        String[] parts = KeyBytes.split(bytes, 4);
        return new FollowKey(new UserKey(parts[0], parts[1]), parts[2], parts[3]);
    }
}

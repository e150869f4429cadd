package chat.milena.schemas.key;

import org.jspecify.annotations.Nullable;

/// A user who is banned, in a conversation or in the whole tenant. All of a tenant are in one partition.
///
/// @param conversationId empty for the whole tenant
public record BanKey(String tenant, String userId, String conversationId) implements LogKey {

    /// The key of a ban.
    ///
    /// @param conversationId null for the whole tenant
    public static BanKey of(String tenant, String userId, @Nullable String conversationId) {
        return new BanKey(tenant, userId, conversationId == null ? "" : conversationId);
    }

    @Override
    public byte[] toBytes() {
        return KeyBytes.join(tenant, userId, conversationId);
    }

    @Override
    public int partition(int partitions) {
        return UserKey.moderation(tenant).partition(partitions);
    }

    /// The bytes that the keys of all bans of a tenant, and no other key, begin with.
    public static byte[] prefix(String tenant) {
        return KeyBytes.join(tenant, "");
    }

    /// Reads the bytes of [#toBytes()].
    ///
    /// @throws org.apache.kafka.common.errors.SerializationException if the bytes are no such key
    public static BanKey fromBytes(byte[] bytes) {
        String[] parts = KeyBytes.split(bytes, 3);
        return new BanKey(parts[0], parts[1], parts[2]);
    }
}

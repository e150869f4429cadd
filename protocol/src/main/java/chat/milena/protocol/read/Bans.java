package chat.milena.protocol.read;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The bans of a tenant that hold, in the order of user ids.
///
/// @param nextCursor where the next page begins; left out on the last page
public record Bans(List<BanLine> bans, @Nullable String nextCursor) {

    /// A ban.
    ///
    /// @param conversationId left out if it is about all conversations
    /// @param until left out if it does not end by itself
    /// @param timestamp when it was made
    public record BanLine(
            String userId,
            @Nullable String conversationId,
            @Nullable Long until,
            String reason,
            String bannedBy,
            long timestamp) {}
}

package chat.milena.protocol.read;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A page of those whom a user has blocked, in the order of their ids.
///
/// @param nextCursor where the next page begins; left out on the last page
public record Blocks(List<BlockLine> blocks, @Nullable String nextCursor) {

    /// One of them.
    ///
    /// @param createdAt since when, as ISO 8601
    public record BlockLine(String userId, String createdAt) {}
}

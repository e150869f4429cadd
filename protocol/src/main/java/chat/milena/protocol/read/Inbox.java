package chat.milena.protocol.read;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A page of somebody's conversations, the one with the latest message first.
///
/// @param nextCursor where the next page begins; left out on the last page
/// @param truncated true where they are in more conversations than the inbox knows; else left out
public record Inbox(
        List<InboxLine> conversations,
        boolean hasMore,
        @Nullable String nextCursor,
        @Nullable Boolean truncated) {}

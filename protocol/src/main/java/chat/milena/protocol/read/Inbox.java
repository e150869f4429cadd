package chat.milena.protocol.read;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A page of a user's conversations, the one with the latest message first.
///
/// @param nextCursor start of the next page; left out on the last page
/// @param truncated true if the user has more conversations than the inbox knows; else left out
public record Inbox(
        List<InboxLine> conversations,
        boolean hasMore,
        @Nullable String nextCursor,
        @Nullable Boolean truncated) {}

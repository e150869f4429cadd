package chat.milena.protocol.read;

import chat.milena.protocol.timeline.Entry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A page of the threads that somebody follows, the one with the latest reply first.
///
/// @param nextCursor start of the next page; left out on the last page
public record FollowedThreads(List<Line> threads, @Nullable String nextCursor) {

    /// One thread.
    ///
    /// @param root the message that begins it
    /// @param unreadCount replies that the user has not read
    /// @param lastReplyAt milliseconds since 1970
    public record Line(String conversationId, Entry root, long unreadCount, long lastReplyAt) {}
}

package chat.milena.protocol.read;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A page of the reactions to a message, in the order of user ids.
///
/// @param nextCursor start of the next page; left out on the last page
public record MessageReactions(
        List<ReactionLine> reactions, @Nullable String nextCursor) {

    /// A user has an emoji on the message.
    ///
    /// @param timestamp since when, in milliseconds since 1970
    public record ReactionLine(String userId, String emoji, long timestamp) {}
}

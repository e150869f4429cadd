package chat.milena.protocol.read;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The position of a client in its conversations; the answer is what it missed since.
///
/// @param conversations at most 500, none twice
/// @param limit entries of each conversation, 1 to 100
/// @param newConversationsCursor where the last sync ended among the conversations that are not listed here
public record SyncQuestion(
        List<Known> conversations,
        @Nullable Integer limit,
        @Nullable String newConversationsCursor) {

    /// A conversation that the client has.
    ///
    /// @param lastSequence the last number that the client has; at least 0
    public record Known(String conversationId, long lastSequence) {}
}

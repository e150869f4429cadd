package chat.milena.protocol.read;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a client that comes back has, so that it is answered what it missed.
///
/// @param conversations at most 500, none twice
/// @param limit entries of each conversation, 1 to 100
/// @param newConversationsCursor where the last sync ended among the conversations that are not named here
public record SyncQuestion(
        List<Known> conversations,
        @Nullable Integer limit,
        @Nullable String newConversationsCursor) {

    /// A conversation that the client has.
    ///
    /// @param lastSequence the last number that it has; at least 0
    public record Known(String conversationId, long lastSequence) {}
}

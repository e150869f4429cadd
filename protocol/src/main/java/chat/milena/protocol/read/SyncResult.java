package chat.milena.protocol.read;

import chat.milena.protocol.conversation.ConversationView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a client has missed.
///
/// @param conversations the conversations of the request
/// @param newConversations other conversations, the one with the latest message first, at most 500
/// @param newConversationsCursor for the next sync; left out if there are no more
/// @param truncated true if the user has more of these than the inbox knows; else left out
/// @param denied ids of the conversations that the user may not read
/// @param serverTime the time of the answer, in milliseconds since 1970
public record SyncResult(
        List<SyncedConversation> conversations,
        List<ConversationView> newConversations,
        @Nullable String newConversationsCursor,
        @Nullable Boolean truncated,
        List<String> denied,
        long serverTime) {}

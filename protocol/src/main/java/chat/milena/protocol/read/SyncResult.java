package chat.milena.protocol.read;

import chat.milena.protocol.conversation.ConversationView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a client that comes back has missed.
///
/// @param conversations those that it named
/// @param newConversations those that it did not name, the one with the latest message first
/// @param newConversationsCursor goes into the next sync; left out where there are no more
/// @param truncated true where the user is in more of these than the inbox knows; else left out
/// @param denied ids of those that it named and may not read
/// @param serverTime now, in milliseconds since 1970
public record SyncResult(
        List<SyncedConversation> conversations,
        List<ConversationView> newConversations,
        @Nullable String newConversationsCursor,
        @Nullable Boolean truncated,
        List<String> denied,
        long serverTime) {}

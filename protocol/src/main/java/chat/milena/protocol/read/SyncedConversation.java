package chat.milena.protocol.read;

import chat.milena.protocol.timeline.Entry;
import chat.milena.protocol.timeline.NumberRange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is new in one conversation since the number that a client has.
///
/// @param messages oldest first
/// @param changed older messages that entries of this page are about, as they are now
/// @param expired the numbers of this page that are no longer there
/// @param upToSequence how far the entries go
/// @param lastSequence the number of the newest event
/// @param unreadMentions unread messages that mention this user, or everybody
/// @param firstUnreadSequence the number of the first unread message; left out where there is none
/// @param ahead true where the client's number is beyond the end: it starts this conversation afresh; else left out
public record SyncedConversation(
        String conversationId,
        List<Entry> messages,
        List<Entry> changed,
        boolean hasMore,
        List<NumberRange> expired,
        long upToSequence,
        long lastSequence,
        long unreadCount,
        long unreadMentions,
        @Nullable Long firstUnreadSequence,
        @Nullable Boolean ahead) {}

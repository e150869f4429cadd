package chat.milena.protocol.read;

import chat.milena.protocol.timeline.Entry;
import chat.milena.protocol.timeline.NumberRange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is new in one conversation since the number that a client has.
///
/// @param messages oldest first
/// @param changed older messages that entries of this page are about, as they are now
/// @param hasMore whether entries are left for another sync
/// @param expired the numbers of this page that are no longer shown
/// @param upToSequence the number up to which the entries go
/// @param lastSequence the number of the newest event
/// @param unreadCount the unread messages of the user
/// @param unreadMentions unread messages that mention this user or all
/// @param firstUnreadSequence the number of the first unread message; left out without one
/// @param ahead true if the number of the client is beyond the end: it must load this conversation
/// again; else left out
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

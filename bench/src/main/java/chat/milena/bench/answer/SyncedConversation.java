package chat.milena.bench.answer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One conversation in the answer to a sync.
///
/// @param ahead whether the number of the request is beyond the end
/// @param expired numbers that retention removed
public record SyncedConversation(
        String conversationId,
        List<TimelineEntry> messages,
        boolean hasMore,
        long lastSequence,
        boolean ahead,
        List<NumberRange> expired) {

    // An absent list and an empty one mean the same here.
    public SyncedConversation(
            @Nullable String conversationId,
            @Nullable List<TimelineEntry> messages,
            boolean hasMore,
            long lastSequence,
            boolean ahead,
            @Nullable List<NumberRange> expired) {
        this.conversationId = conversationId == null ? "" : conversationId;
        this.messages = messages == null ? List.of() : List.copyOf(messages);
        this.hasMore = hasMore;
        this.lastSequence = lastSequence;
        this.ahead = ahead;
        this.expired = expired == null ? List.of() : List.copyOf(expired);
    }
}

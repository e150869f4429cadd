package chat.milena.bench.answer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A page of history.
///
/// @param expired numbers that retention removed
public record Page(
        List<TimelineEntry> messages,
        boolean hasMore,
        @Nullable String nextCursor,
        List<NumberRange> expired) {

    // An absent list and an empty one mean the same here.
    public Page(
            @Nullable List<TimelineEntry> messages,
            boolean hasMore,
            @Nullable String nextCursor,
            @Nullable List<NumberRange> expired) {
        this.messages = messages == null ? List.of() : List.copyOf(messages);
        this.hasMore = hasMore;
        this.nextCursor = nextCursor;
        this.expired = expired == null ? List.of() : List.copyOf(expired);
    }
}

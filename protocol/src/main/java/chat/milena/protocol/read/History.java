package chat.milena.protocol.read;

import chat.milena.protocol.timeline.Entry;
import chat.milena.protocol.timeline.NumberRange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A page of a conversation's timeline.
///
/// @param hasMore whether there may be an entry beyond
/// @param expired the numbers of this page that are no longer shown
/// @param nextCursor start of the next page; left out on the last page
public record History(
        List<Entry> messages,
        boolean hasMore,
        List<NumberRange> expired,
        @Nullable String nextCursor) {}

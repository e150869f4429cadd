package chat.milena.bench.answer;

import java.util.List;
import java.util.Optional;

/// The rules for one conversation in a sync, by the number that the request named.
///
/// The result is the first fault, in words, or nothing.
public final class SyncRules {
    private SyncRules() {}

    public static Optional<String> fault(SyncedConversation synced, long lastSequence) {
        List<TimelineEntry> entries = synced.messages();
        if (synced.ahead()) {
            return Optional.of("called ahead at " + lastSequence + " of " + synced.lastSequence());
        }
        Optional<String> order = PageRules.order(entries, synced.expired(), false);
        if (order.isPresent()) {
            return order;
        }
        if (!entries.isEmpty()) {
            long first = entries.getFirst().sequenceNumber();
            if (first <= lastSequence || !NumberRange.cover(synced.expired(), lastSequence + 1, first - 1)) {
                return Optional.of("it begins with " + first + " from " + lastSequence);
            }
        }
        long end = entries.isEmpty() ? lastSequence : entries.getLast().sequenceNumber();
        if (end > synced.lastSequence()) {
            return Optional.of("it holds " + end + " and calls " + synced.lastSequence() + " the last");
        }
        return synced.hasMore() || NumberRange.cover(synced.expired(), end + 1, synced.lastSequence())
                ? Optional.empty()
                : Optional.of("no more, though it ends at " + end + " of " + synced.lastSequence());
    }
}

package chat.milena.gateway.command;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// Entries that wait for their time, in order for each holder. A burst of one holder is spread, so that entries of
/// others pass in between.
///
/// An entry waits for earlier ones of its holder, even if it is due before them. Pure except for its memory; for
/// one thread. Its user bounds it.
///
/// @param <K> the holder whose order is kept
/// @param <E> the entry
final class FairQueue<K, E> {
    private final PriorityQueue<Waiting<K, E>> next =
            new PriorityQueue<>(Comparator.comparingLong((Waiting<K, E> waiting) -> waiting.dueNanos)
                    .thenComparingLong(each -> each.order));
    private final Map<K, Last> lasts = new HashMap<>();
    private long added;

    private record Waiting<K, E>(K holder, long dueNanos, long order, E entry) {}

    /// The last waiting entry of a holder, and how many wait.
    private record Last(int count, long dueNanos) {}

    /// @param dueNanos in a time that does not wrap, as all times here
    void add(K holder, long dueNanos, E entry) {
        Last last = lasts.get(holder);
        long due = last == null ? dueNanos : Math.max(dueNanos, last.dueNanos());
        lasts.put(holder, new Last(last == null ? 1 : last.count() + 1, due));
        next.add(new Waiting<>(holder, due, added++, entry));
    }

    /// Takes the next entry that is due; of those due at the same time the first one that was added.
    @Nullable
    E poll(long nowNanos) {
        Waiting<K, E> first = next.peek();
        if (first == null || first.dueNanos() > nowNanos) {
            return null;
        }
        next.remove();
        lasts.computeIfPresent(
                first.holder(),
                (holder, last) -> last.count() == 1 ? null : new Last(last.count() - 1, last.dueNanos()));
        return first.entry();
    }

    /// How long until an entry is due, 0 if one is; at most `mostNanos`.
    long untilDueNanos(long nowNanos, long mostNanos) {
        Waiting<K, E> first = next.peek();
        return first == null ? mostNanos : Math.clamp(first.dueNanos() - nowNanos, 0, mostNanos);
    }

    boolean isEmpty() {
        return next.isEmpty();
    }
}

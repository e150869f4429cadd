package chat.milena.bench.report;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// Events that a reader of a result should know beside its numbers, each with its count. Thread-safe.
///
/// Kinds are bounded by [#KINDS_MAX]; a further kind is counted as `other`.
public final class Notices {
    private static final int KINDS_MAX = 50;

    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
    private final LongAdder lostSockets = new LongAdder();

    public void add(String what) {
        boolean known = counts.size() < KINDS_MAX || counts.containsKey(what);
        counts.computeIfAbsent(known ? what : "other", anything -> new LongAdder())
                .increment();
    }

    /// A connection lost its socket, or did not get one.
    public void tellLostSocket(String why) {
        lostSockets.increment();
        add("not connected: " + why);
    }

    public long lostSockets() {
        return lostSockets.sum();
    }

    /// The number of all notices.
    public long total() {
        return counts.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /// The count of each notice.
    public Map<String, Long> counts() {
        Map<String, Long> sorted = new TreeMap<>();
        counts.forEach((what, count) -> sorted.put(what, count.sum()));
        return sorted;
    }
}

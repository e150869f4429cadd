package chat.milena.bench.worker;

import chat.milena.bench.report.Latencies;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongPredicate;

/// Which messages were removed, and how long after they came. Safe for all threads.
///
/// **Bound:** one entry for each planted message of a run, and one for each removed one.
final class RemovalMeter {
    private final LongPredicate isSpam;
    private final Map<Long, Long> planted = new ConcurrentHashMap<>();
    private final Set<Long> caught = ConcurrentHashMap.newKeySet();
    private final Set<Long> mistaken = ConcurrentHashMap.newKeySet();
    private final Latencies removal = new Latencies();

    /// @param isSpam whether the message of a number was planted
    RemovalMeter(LongPredicate isSpam) {
        this.isSpam = isSpam;
    }

    /// A message came to its reader.
    void delivered(long number, long nowNanos) {
        if (isSpam.test(number)) {
            planted.putIfAbsent(number, nowNanos);
        }
    }

    /// Its removal came to its reader.
    void removed(long number, long nowNanos) {
        if (!isSpam.test(number)) {
            mistaken.add(number);
            return;
        }
        Long delivered = planted.get(number);
        if (delivered != null && caught.add(number)) {
            removal.record(nowNanos - delivered);
        }
    }

    int caught() {
        return caught.size();
    }

    Found found() {
        return new Found(planted.size(), caught.size(), mistaken.size(), removal.summary());
    }

    /// What was removed.
    ///
    /// @param planted spam that was delivered
    /// @param caught how much of it was removed
    /// @param mistaken other messages that were removed
    /// @param removal from the arrival of a message at its reader until the arrival of its removal
    record Found(long planted, long caught, long mistaken, Latencies.Summary removal) {
        /// The part of what was removed that was planted; NaN if nothing was.
        double precision() {
            return caught + mistaken == 0 ? Double.NaN : (double) caught / (caught + mistaken);
        }

        /// The part of what was planted that was removed; NaN if nothing was.
        double recall() {
            return planted == 0 ? Double.NaN : (double) caught / planted;
        }
    }
}

package chat.milena.bench.scenario;

import chat.milena.bench.report.Notices;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/// Counts the return of a herd. Thread-safe.
final class HerdMeter {
    private final int clients;
    private final LongAdder resumed = new LongAdder();
    private final LongAdder missedMessages = new LongAdder();
    private final Notices refused = new Notices();
    private final List<Long> backNanos = new ArrayList<>();
    private volatile long thrownNanos;

    HerdMeter(int clients) {
        this.clients = clients;
    }

    void thrown(long nowNanos) {
        thrownNanos = nowNanos;
    }

    void back(long nowNanos, boolean didResume) {
        if (didResume) {
            resumed.increment();
        }
        synchronized (backNanos) {
            backNanos.add(nowNanos - thrownNanos);
        }
    }

    /// A failed attempt to reconnect.
    void refused(String why) {
        refused.add(why);
    }

    /// A message that arrived as a missed one.
    void missedMessage() {
        missedMessages.increment();
    }

    boolean allBack() {
        synchronized (backNanos) {
            return backNanos.size() >= clients;
        }
    }

    HerdResult.Return result() {
        List<Long> sorted;
        synchronized (backNanos) {
            sorted = new ArrayList<>(backNanos);
        }
        Collections.sort(sorted);
        return new HerdResult.Return(
                sorted.size(),
                resumed.sum(),
                missedMessages.sum(),
                seconds(sorted, 0.5),
                seconds(sorted, 0.99),
                seconds(sorted, 1),
                refused.counts());
    }

    /// The time at which this part of all clients was back, including clients that never returned; NaN if it never
    /// was.
    private double seconds(List<Long> sorted, double part) {
        int needed = (int) Math.ceil(clients * part);
        return needed > sorted.size() ? Double.NaN : sorted.get(Math.max(0, needed - 1)) / 1e9;
    }
}

package chat.milena.bench.faults;

import chat.milena.bench.replay.ReplayTimes;
import chat.milena.bench.report.Latencies;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// When the lines of a load were due and acked, and when its clients were away. Thread-safe; bounded by the lines of
/// the load, and by how often a client can connect.
final class Timeline implements ReplayTimes {
    private record Ack(long dueNanos, long ackedNanos) {}

    private record Away(long lostNanos, long backNanos) {}

    private final List<Ack> acks = new ArrayList<>();
    private final List<Away> aways = new ArrayList<>();
    /// When those were lost that are not back.
    private final List<Long> gone = new ArrayList<>();

    @Override
    public synchronized void acked(long dueNanos, long ackedNanos) {
        acks.add(new Ack(dueNanos, ackedNanos));
    }

    @Override
    public synchronized void lost(long lostNanos) {
        gone.add(lostNanos);
    }

    @Override
    public synchronized void back(long lostNanos, long backNanos) {
        gone.remove(Long.valueOf(lostNanos));
        aways.add(new Away(lostNanos, backNanos));
    }

    synchronized long count() {
        return acks.size();
    }

    /// When the last ack came.
    synchronized long lastNanos() {
        return acks.isEmpty() ? System.nanoTime() : acks.getLast().ackedNanos;
    }

    /// The latencies of the lines that were due in this time.
    synchronized Latencies.Summary latencies(long fromNanos, long untilNanos) {
        Latencies latencies = new Latencies();
        for (Ack ack : acks) {
            if (ack.dueNanos - fromNanos >= 0 && ack.dueNanos - untilNanos < 0) {
                latencies.record(ack.ackedNanos - ack.dueNanos);
            }
        }
        return latencies.summary();
    }

    /// The 99th percentile of those; below zero if none was due.
    double p99Ms(long fromNanos, long untilNanos) {
        Latencies.Summary summary = latencies(fromNanos, untilNanos);
        return summary.count() == 0 ? -1 : summary.p99Ms();
    }

    /// The longest time without any ack, in seconds.
    synchronized double longestGap(long fromNanos, long untilNanos) {
        return Gaps.longestSeconds(acks.stream().map(Ack::ackedNanos).toList(), fromNanos, untilNanos);
    }

    /// The longest time that a client was away, of those that lost their connection in this time; in seconds. One that
    /// never came back is away until the end of this time.
    synchronized double longestAway(long fromNanos, long untilNanos) {
        return Stream.concat(aways.stream(), gone.stream().map(lost -> new Away(lost, untilNanos)))
                        .filter(away -> away.lostNanos - fromNanos >= 0 && away.lostNanos - untilNanos < 0)
                        .mapToLong(away -> away.backNanos - away.lostNanos)
                        .max()
                        .orElse(0)
                / 1e9;
    }
}

package chat.milena.bench.idle;

import chat.milena.bench.report.Latencies;
import java.util.Map;
import java.util.TreeMap;

/// Counts the events of idle connections. For one thread.
final class IdleMeter {
    private static final int KINDS_MAX = 30;

    private final Latencies connecting = new Latencies();
    private final Latencies beats = new Latencies();
    private final Map<String, Long> refused = new TreeMap<>();
    private final Map<String, Long> lost = new TreeMap<>();
    private long beatsSent;
    private long beatsAnswered;
    private long beatsUnanswered;

    void connected(long nanos) {
        connecting.record(nanos);
    }

    /// An attempt that ended before `connected`.
    void refused(String why) {
        count(refused, why);
    }

    /// A connection that ended after it.
    void lost(String why) {
        count(lost, why);
    }

    private static void count(Map<String, Long> counts, String what) {
        counts.merge(counts.size() < KINDS_MAX || counts.containsKey(what) ? what : "other", 1L, Long::sum);
    }

    void beatSent() {
        beatsSent++;
    }

    void beatAnswered(long nanos) {
        beatsAnswered++;
        beats.record(nanos);
    }

    /// A heartbeat had no answer when the next one was due, or the connection was lost.
    void beatUnanswered() {
        beatsUnanswered++;
    }

    /// Counts heartbeats from zero again.
    void resetBeats() {
        beats.reset();
        beatsSent = 0;
        beatsAnswered = 0;
        beatsUnanswered = 0;
    }

    long beatsSent() {
        return beatsSent;
    }

    long beatsAnswered() {
        return beatsAnswered;
    }

    long beatsUnanswered() {
        return beatsUnanswered;
    }

    Latencies.Summary connecting() {
        return connecting.summary();
    }

    Latencies.Summary beats() {
        return beats.summary();
    }

    Map<String, Long> refused() {
        return Map.copyOf(refused);
    }

    Map<String, Long> lost() {
        return Map.copyOf(lost);
    }

    long lostCount() {
        return lost.values().stream().mapToLong(Long::longValue).sum();
    }
}

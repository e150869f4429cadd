package chat.milena.bench.idle;

import chat.milena.bench.report.Latencies;
import chat.milena.bench.report.Notices;
import java.util.Map;

/// Counts the events of idle connections. For one thread.
final class IdleMeter {
    private final Latencies connecting = new Latencies();
    private final Latencies beats = new Latencies();
    private final Notices refused = new Notices();
    private final Notices lost = new Notices();
    private long beatsSent;
    private long beatsAnswered;
    private long beatsUnanswered;

    void connected(long nanos) {
        connecting.record(nanos);
    }

    /// An attempt that ended before `connected`.
    void refused(String why) {
        refused.add(why);
    }

    /// A connection that ended after it.
    void lost(String why) {
        lost.add(why);
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
        return refused.counts();
    }

    Map<String, Long> lost() {
        return lost.counts();
    }

    long lostCount() {
        return lost.total();
    }
}

package chat.milena.bench.answer;

/// Measures how long refusals delayed reads: the longest delay of one read, and the time in which any read was
/// delayed. Thread-safe. Times are those of one monotonic clock, in nanoseconds.
public final class Refusals {
    private long longestNanos;
    private long totalNanos;
    private long sinceNanos;
    private int refusedNow;

    /// A read was refused for the first time.
    synchronized void begin(long nowNanos) {
        if (refusedNow++ == 0) {
            sinceNanos = nowNanos;
        }
    }

    /// That read was answered, or ended without an answer.
    synchronized void end(long beganNanos, long nowNanos) {
        longestNanos = Math.max(longestNanos, nowNanos - beganNanos);
        if (--refusedNow == 0) {
            totalNanos += nowNanos - sinceNanos;
        }
    }

    synchronized long longestNanos() {
        return longestNanos;
    }

    synchronized long totalNanos() {
        return totalNanos;
    }
}

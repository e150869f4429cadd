package chat.milena.bench.replay;

/// Is notified when a line is acked for the first time, on an event loop.
@FunctionalInterface
public interface AckTimes {
    /// Times of `System.nanoTime()`.
    ///
    /// @param dueNanos when the line was handed over or, if paced, was due
    void acked(long dueNanos, long ackedNanos);
}

package chat.milena.bench.replay;

/// Is notified, on an event loop, when a line is acked for the first time and when a person is back. All times are of
/// `System.nanoTime()`.
@FunctionalInterface
public interface ReplayTimes {
    /// A line is acked for the first time.
    ///
    /// @param dueNanos when the line was handed over or, if paced, was due
    void acked(long dueNanos, long ackedNanos);

    /// A person has lost the connection.
    default void lost(long lostNanos) {}

    /// The connection of a person, lost before, is up again.
    default void back(long lostNanos, long backNanos) {}
}

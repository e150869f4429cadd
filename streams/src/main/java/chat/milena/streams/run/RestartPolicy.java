package chat.milena.streams.run;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/// Decides whether a failed stream thread is worth replacing: up to a number of failures within a time.
///
/// A passing trouble, such as a broker away for longer than the clients retry, heals by a new thread. What fails again
/// and again does so for a reason that a new thread does not remove. Pure but for its memory; for one thread at a time.
final class RestartPolicy {
    private final int failuresMax;
    private final Duration within;
    private final Deque<Long> failures = new ArrayDeque<>();

    RestartPolicy(int failuresMax, Duration within) {
        this.failuresMax = failuresMax;
        this.within = within;
    }

    synchronized boolean allowsAfterFailureAt(long nowNanos) {
        failures.add(nowNanos);
        while (nowNanos - failures.getFirst() > within.toNanos()) {
            failures.removeFirst();
        }
        return failures.size() <= failuresMax;
    }
}

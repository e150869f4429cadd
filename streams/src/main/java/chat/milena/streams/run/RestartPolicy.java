package chat.milena.streams.run;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/// Decides whether a failed stream thread is replaced: up to a number of failures within a time.
///
/// A new thread heals a passing failure, such as a broker that is away for longer than the clients retry. It does
/// not heal a failure that repeats. Pure except for its memory; for one thread at a time.
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

package chat.milena.bench.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// Waiting times between attempts. They double from `first` to `max`. Each is drawn uniformly from the upper half,
/// so that the clients of one lost server do not reconnect together.
public record Backoff(Duration first, Duration max) {

    public Duration beforeAttempt(int attempt, RandomGenerator random) {
        int doublings = Math.min(Math.max(attempt, 0), 20);
        long ceilingMillis = Math.min(max.toMillis(), first.toMillis() << doublings);
        return Duration.ofMillis(ceilingMillis / 2 + random.nextLong(ceilingMillis / 2 + 1));
    }
}

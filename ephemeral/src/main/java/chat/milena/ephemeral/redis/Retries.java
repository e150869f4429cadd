package chat.milena.ephemeral.redis;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// Growing pauses with jitter between attempts to reach Redis. For one thread.
public final class Retries {
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LAST = Duration.ofSeconds(1);

    private Duration next = FIRST;

    /// An attempt succeeded.
    public void succeeded() {
        next = FIRST;
    }

    /// How long to wait before the next attempt: half to one and a half times the current step.
    public Duration next() {
        long millis = next.toMillis();
        Duration twice = next.multipliedBy(2);
        next = twice.compareTo(LAST) > 0 ? LAST : twice;
        return Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis));
    }
}

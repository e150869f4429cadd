package chat.milena.gateway.edge;

import chat.milena.runtime.limit.RateLimiter.Refused;
import java.time.Duration;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;

/// Gives each rejected client a time of its own for the retry. The more clients are rejected within a second, the
/// longer the time over which they are spread, so that about as many come back in each second as are admitted.
/// Safe for all threads.
final class RefusalSpread {
    private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int LEAST_SECONDS = 2;
    private static final int MOST_SECONDS = 60;

    private final LongSupplier nanoTime;
    private final IntUnaryOperator random;
    private long sinceNanos;
    private int refused;

    /// @param nanoTime a time that never goes back
    /// @param random a number from 0 to below its argument
    RefusalSpread(LongSupplier nanoTime, IntUnaryOperator random) {
        this.nanoTime = nanoTime;
        this.random = random;
        this.sinceNanos = nanoTime.getAsLong();
    }

    /// The rejection with a time of its own.
    ///
    /// @param perSecond how many are admitted
    Refused spread(Refused refusal, int perSecond) {
        long overSeconds = LEAST_SECONDS + count() / Math.max(1, perSecond);
        int later = random.applyAsInt((int) Math.min(MOST_SECONDS, overSeconds));
        return new Refused(refusal.retryAfter().plusSeconds(later), refusal.limit());
    }

    private synchronized long count() {
        long now = nanoTime.getAsLong();
        if (now - sinceNanos >= SECOND_NANOS) {
            sinceNanos = now;
            refused = 0;
        }
        return refused++;
    }
}

package chat.milena.runtime.limit;

import chat.milena.runtime.limit.RateLimiter.Rate;
import java.time.Duration;

/// How what all gateways know of an allowance bears on what one of them has of it. Pure.
///
/// A gateway never has more than is left in common, and is never given more: while others are silent its own count,
/// which knows of no delay, goes on.
final class SharingPolicy {
    /// How late Redis may hear of what was spent without that being held against the user: there nothing comes back
    /// before it is known to be missing.
    private static final Duration LATE = Duration.ofMillis(50);

    private SharingPolicy() {}

    /// How many are to be taken from what is available here, since others have spent them.
    ///
    /// @param available here; below zero if others had spent more before
    /// @param untilFull how long until nothing is spent in common any longer
    /// @param untold spent here and not known in common yet
    static long spentElsewhere(Rate rate, long available, Duration untilFull, int untold) {
        return Math.max(0, available - (left(rate, untilFull.minus(LATE)) - untold));
    }

    private static long left(Rate rate, Duration untilFull) {
        if (!untilFull.isPositive()) {
            return rate.tokens();
        }
        // In microseconds, for a debt of years at a million tokens to fit in.
        long toGo = untilFull.toNanos() / 1_000;
        long period = rate.period().toNanos() / 1_000;
        return Math.floorDiv((period - toGo) * rate.tokens(), period);
    }
}

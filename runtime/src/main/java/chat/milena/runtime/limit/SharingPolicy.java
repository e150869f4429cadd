package chat.milena.runtime.limit;

import chat.milena.runtime.limit.RateLimiter.Rate;
import java.time.Duration;

/// Reconciles a gateway's local token bucket with the use by all gateways. Pure.
///
/// A gateway never has more than the common rest, and is never given more. While the others are silent, its own
/// count continues without delay.
final class SharingPolicy {
    /// Maximum delay of reports to Redis that is not counted against the user. Within it, tokens flow back before
    /// they are known to be missing.
    private static final Duration LATE = Duration.ofMillis(50);

    private SharingPolicy() {}

    /// How many tokens to take from the local bucket because others have spent them.
    ///
    /// @param available tokens here; below zero if others had spent more before
    /// @param untilFull the time until the common bucket is full
    /// @param unreported tokens spent here that the common bucket does not count yet
    static long spentElsewhere(Rate rate, long available, Duration untilFull, int unreported) {
        return Math.max(0, available - (left(rate, untilFull.minus(LATE)) - unreported));
    }

    private static long left(Rate rate, Duration untilFull) {
        if (!untilFull.isPositive()) {
            return rate.tokens();
        }
        // In microseconds, so that a debt of years at a million tokens fits.
        long toGo = untilFull.toNanos() / 1_000;
        long period = rate.period().toNanos() / 1_000;
        return Math.floorDiv((period - toGo) * rate.tokens(), period);
    }
}

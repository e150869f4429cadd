package chat.milena.push.courier;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The time before the next attempt: it doubles with each one, up to a bound, and is drawn from all of that span
/// ("full jitter"), so that many that failed together do not come back together.
///
/// @param first the span after the first attempt
/// @param most the span beyond which it does not grow
public record Backoff(Duration first, Duration most) {
    /// From some seconds to an hour: a day of trouble takes some thirty attempts.
    public static final Backoff STANDARD = new Backoff(Duration.ofSeconds(2), Duration.ofHours(1));

    public Backoff {
        if (first.isNegative() || first.isZero() || most.compareTo(first) < 0) {
            throw new IllegalArgumentException("first must be above 0 and most not below it");
        }
    }

    /// When to attempt it again.
    ///
    /// @param attempt the number of the attempt that failed; 1 for the first
    /// @param notBefore as of the verdict. The jitter comes after it, since the same moment holds for many
    public Instant next(Instant now, int attempt, @Nullable Instant notBefore, RandomGenerator random) {
        Instant from = notBefore == null || notBefore.isBefore(now) ? now : notBefore;
        return from.plusMillis(random.nextLong(span(attempt).toMillis() + 1));
    }

    /// The longest wait after this attempt.
    Duration span(int attempt) {
        Duration span = first;
        for (int i = 1; i < attempt && span.compareTo(most) < 0; i++) {
            span = span.multipliedBy(2);
        }
        return span.compareTo(most) < 0 ? span : most;
    }
}

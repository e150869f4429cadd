package chat.milena.gateway.session;

import java.time.Duration;

/// Counts strikes within a minute that starts with the first of them. For one thread.
final class StrikeCounter {
    private static final long WINDOW_MILLIS = Duration.ofMinutes(1).toMillis();

    private final int max;
    private int strikes;
    private long windowEndMillis;

    StrikeCounter(int max) {
        this.max = max;
    }

    /// Counts one.
    ///
    /// @return true if it was one too many
    boolean strike(long nowMillis) {
        if (nowMillis >= windowEndMillis) {
            windowEndMillis = nowMillis + WINDOW_MILLIS;
            strikes = 0;
        }
        strikes++;
        return strikes > max;
    }
}

package chat.milena.gateway.connection;

import chat.milena.runtime.time.Ticker;
import java.time.Duration;

/// The time during which connections were watched: between two looks it goes on for a moment at most.
///
/// Where this process stood still, what clients sent meanwhile waits unread. Measured in this time nobody was silent
/// and no deadline passed meanwhile: a look that is late gives everybody that much more. Safe for all threads; one of
/// them looks.
public final class WatchedTicker implements Ticker {
    private final Ticker ticker;
    private final long gapNanosMax;
    private volatile Look last;

    private record Look(long atNanos, long watchedNanos) {
        long watchedNanos(long nowNanos, long gapNanosMax) {
            return watchedNanos + Math.min(nowNanos - atNanos, gapNanosMax);
        }
    }

    /// @param gapMax how much of the time between two looks counts; several times as long as that should be
    public WatchedTicker(Ticker ticker, Duration gapMax) {
        this.ticker = ticker;
        this.gapNanosMax = gapMax.toNanos();
        this.last = new Look(ticker.nanos(), 0);
    }

    /// Somebody looks at all connections now.
    void look() {
        long now = ticker.nanos();
        last = new Look(now, last.watchedNanos(now, gapNanosMax));
    }

    @Override
    public long nanos() {
        return last.watchedNanos(ticker.nanos(), gapNanosMax);
    }
}

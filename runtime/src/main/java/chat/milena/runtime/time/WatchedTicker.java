package chat.milena.runtime.time;

import java.time.Duration;

/// The time during which connections were watched: between two looks it goes on for a moment at most.
///
/// After a pause of the whole process, frames that clients sent during it are still unread. In this time the pause does
/// not count, so nobody was silent and no deadline passed in it. Safe for all threads; one of them looks.
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
    public void look() {
        long now = ticker.nanos();
        last = new Look(now, last.watchedNanos(now, gapNanosMax));
    }

    @Override
    public long nanos() {
        return last.watchedNanos(ticker.nanos(), gapNanosMax);
    }
}

package chat.milena.runtime.time;

import java.time.Duration;

/// The time during which connections were watched: between two looks, only a short time counts.
///
/// After a pause of the whole process, frames that clients sent during it are still unread. The pause does not
/// count in this time, so no client was silent and no deadline passed in it. Safe for all threads; one of them
/// looks.
public final class WatchedTicker implements Ticker {
    private final Ticker ticker;
    private final long gapNanosMax;
    private volatile Look last;

    private record Look(long atNanos, long watchedNanos) {
        long watchedNanos(long nowNanos, long gapNanosMax) {
            return watchedNanos + Math.min(nowNanos - atNanos, gapNanosMax);
        }
    }

    /// @param gapMax how much of the time between two looks counts; several times the usual time between them
    public WatchedTicker(Ticker ticker, Duration gapMax) {
        this.ticker = ticker;
        this.gapNanosMax = gapMax.toNanos();
        this.last = new Look(ticker.nanos(), 0);
    }

    /// Notes that all connections are looked at now.
    public void look() {
        long now = ticker.nanos();
        last = new Look(now, last.watchedNanos(now, gapNanosMax));
    }

    @Override
    public long nanos() {
        return last.watchedNanos(ticker.nanos(), gapNanosMax);
    }
}

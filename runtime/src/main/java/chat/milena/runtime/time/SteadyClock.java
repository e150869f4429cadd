package chat.milena.runtime.time;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/// The time of the machine's clock without its steps: it never goes back and never leaps.
///
/// If the clock is set back, this one runs at half speed until the clock has caught up with it. If the clock is
/// set forward, it runs at four times the speed until it has caught up. A span measured with it thus takes at most
/// twice as long, or at least a fourth. Safe for all threads.
public final class SteadyClock {
    private static final long NANOS_A_MILLI = 1_000_000;
    private static final int SLOWER = 2;
    private static final int FASTER = 4;

    private final Ticker ticker;
    private final LongSupplier clockMillis;
    private final AtomicReference<Reading> last;

    private record Reading(long tickNanos, long nanos) {
        Reading next(long tickNanos, long clockNanos) {
            long passed = tickNanos - this.tickNanos;
            return new Reading(tickNanos, nanos + Math.clamp(clockNanos - nanos, passed / SLOWER, passed * FASTER));
        }
    }

    /// @param clockMillis the time of the machine's clock, in milliseconds since 1970
    public SteadyClock(Ticker ticker, LongSupplier clockMillis) {
        this.ticker = ticker;
        this.clockMillis = clockMillis;
        this.last = new AtomicReference<>(new Reading(ticker.nanos(), clockNanos()));
    }

    /// Milliseconds since 1970.
    public long millis() {
        Reading before = last.get();
        long tick = ticker.nanos();
        // Readings follow one another closely, so the difference to make up between two of them is small.
        if (tick - before.tickNanos() >= NANOS_A_MILLI) {
            last.compareAndSet(before, before.next(tick, clockNanos()));
        }
        return last.get().nanos() / NANOS_A_MILLI;
    }

    private long clockNanos() {
        return clockMillis.getAsLong() * NANOS_A_MILLI;
    }
}

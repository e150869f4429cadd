package chat.milena.gateway;

import chat.milena.runtime.time.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/// A clock that stands where a test puts it, and what measures spans beside it.
public final class MovableClock extends Clock {
    private volatile Instant now = Deliveries.TIME;
    private volatile Duration passed = Duration.ZERO;

    /// Time passes.
    public void advance(Duration by) {
        now = now.plus(by);
        passed = passed.plus(by);
    }

    /// Somebody sets the clock, which takes no time.
    public void set(Duration by) {
        now = now.plus(by);
    }

    public Ticker ticker() {
        return () -> passed.toNanos();
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}

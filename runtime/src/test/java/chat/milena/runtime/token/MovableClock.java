package chat.milena.runtime.token;

import chat.milena.runtime.time.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/// A clock that stands until it is moved.
final class MovableClock extends Clock {
    private volatile Instant now = Instant.parse("2026-01-02T03:04:05Z");

    private volatile Duration passed = Duration.ZERO;

    /// Time passes.
    void move(Duration by) {
        now = now.plus(by);
        passed = passed.plus(by);
    }

    /// Somebody sets the clock, which takes no time.
    void set(Duration by) {
        now = now.plus(by);
    }

    Ticker ticker() {
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
        throw new UnsupportedOperationException();
    }
}

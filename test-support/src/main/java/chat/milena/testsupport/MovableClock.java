package chat.milena.testsupport;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/// A clock that stands still until a test moves it, and the measure of spans beside it. For any thread to read; one
/// thread moves it.
public final class MovableClock extends Clock {
    private volatile Instant now;
    private volatile Duration passed = Duration.ZERO;

    public MovableClock() {
        this(Instant.parse("2024-02-02T15:06:40Z"));
    }

    public MovableClock(Instant now) {
        this.now = now;
    }

    /// Time passes.
    public void advance(Duration by) {
        now = now.plus(by);
        passed = passed.plus(by);
    }

    /// Somebody sets the clock, which takes no time.
    public void set(Duration by) {
        now = now.plus(by);
    }

    /// The time that passed, in nanoseconds, however the clock was set: as [System#nanoTime].
    public long nanos() {
        return passed.toNanos();
    }

    /// [#nanos] as whole milliseconds.
    public long passedMillis() {
        return passed.toMillis();
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
        throw new UnsupportedOperationException("only UTC");
    }
}

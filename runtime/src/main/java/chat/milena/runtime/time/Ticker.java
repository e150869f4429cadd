package chat.milena.runtime.time;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Measures spans: it runs evenly, whatever happens to the machine's clock. Safe for all threads.
///
/// Only differences of its values have a meaning. A moment that others see, such as that of an event or the end of
/// a token, comes from a [java.time.Clock]. A moment from which a span is measured here, such as a silence or a
/// deadline, comes from a ticker. A clock may be set, forward and back, at any moment.
@FunctionalInterface
public interface Ticker {

    /// The nanoseconds that have passed.
    long nanos();

    /// The whole milliseconds that have passed.
    default long millis() {
        return TimeUnit.NANOSECONDS.toMillis(nanos());
    }

    /// Whether a span that began at a value of [#nanos()] is over.
    default boolean isOver(long fromNanos, Duration span) {
        return nanos() - fromNanos >= span.toNanos();
    }

    /// The ticker of this process, from about its start.
    static Ticker system() {
        return SystemTicker.INSTANCE;
    }
}

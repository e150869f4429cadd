package chat.milena.runtime.time;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Measures spans: it goes on evenly, whatever becomes of the machine's clock. Safe for all threads.
///
/// Only differences of its values mean something. A time that others are to understand, such as that of an event or the
/// end of a token, is of a [java.time.Clock]; a time from which something is counted here, such as a silence or a
/// deadline, is of a ticker. A clock may be set, forwards and back, at any moment.
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

    /// The one of this process, from about its start.
    static Ticker system() {
        return SystemTicker.INSTANCE;
    }
}

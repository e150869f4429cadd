package chat.milena.syncapi.barrier;

import java.time.Duration;

/// The moment when an operation must end. Immutable.
///
/// @param nanoTime of [System#nanoTime()]
public record Deadline(long nanoTime) {

    /// This long from now.
    public static Deadline in(Duration duration) {
        return new Deadline(System.nanoTime() + duration.toNanos());
    }

    /// The remaining time; never negative.
    public Duration left() {
        return Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime()));
    }

    /// Whether the time is over.
    public boolean isOver() {
        return nanoTime - System.nanoTime() <= 0;
    }
}

package chat.milena.syncapi.barrier;

import java.time.Duration;

/// A moment until which something may take. Immutable.
///
/// @param nanoTime of [System#nanoTime()]
public record Deadline(long nanoTime) {

    /// So long from now.
    public static Deadline in(Duration duration) {
        return new Deadline(System.nanoTime() + duration.toNanos());
    }

    /// What is left; never negative.
    public Duration left() {
        return Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime()));
    }

    /// Whether nothing is left.
    public boolean isOver() {
        return nanoTime - System.nanoTime() <= 0;
    }
}

package chat.milena.gateway.server;

import java.util.concurrent.atomic.AtomicInteger;

/// How many connections of all kinds a gateway has, and may have. Safe for all threads.
final class OpenConnections {
    private final int max;
    private final AtomicInteger open = new AtomicInteger();

    OpenConnections(int max) {
        this.max = max;
    }

    /// Whether another one would be too many.
    boolean isFull() {
        return open.get() >= max;
    }

    /// Counts one that is there, too many or not.
    ///
    /// @return false if it is one too many; it counts all the same until it is gone
    boolean add() {
        return open.incrementAndGet() <= max;
    }

    /// One that was counted is gone.
    void remove() {
        open.decrementAndGet();
    }
}

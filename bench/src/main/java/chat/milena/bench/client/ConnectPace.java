package chat.milena.bench.client;

/// Hands out the moments at which sockets may be opened, evenly spaced, to all connections of a client.
/// Thread-safe.
///
/// The implied queue is at most as long as the number of connections, since each waits for one moment at a time.
final class ConnectPace {
    private long intervalNanos;
    private long nextNanos;

    ConnectPace(int perSecond, long nowNanos) {
        this.intervalNanos = 1_000_000_000L / perSecond;
        this.nextNanos = nowNanos;
    }

    /// Removes the pace from now on, also for connections that wait for their turn.
    synchronized void letGo(long nowNanos) {
        intervalNanos = 0;
        nextNanos = nowNanos;
    }

    /// How long the caller has to wait from `nowNanos`.
    synchronized long takeDelayNanos(long nowNanos) {
        long at = nextNanos - nowNanos < 0 ? nowNanos : nextNanos;
        nextNanos = at + intervalNanos;
        return at - nowNanos;
    }
}

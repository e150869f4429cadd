package chat.milena.bench.client;

/// Hands out the moments at which sockets may be opened, evenly spaced, to all connections of a client. Thread-safe.
///
/// The queue it implies is as long as there are connections, since each waits for one moment at a time.
final class ConnectPace {
    private long intervalNanos;
    private long nextNanos;

    ConnectPace(int perSecond, long nowNanos) {
        this.intervalNanos = 1_000_000_000L / perSecond;
        this.nextNanos = nowNanos;
    }

    /// Sets no pace from now on, also for those that wait for their turn.
    synchronized void letGo(long nowNanos) {
        intervalNanos = 0;
        nextNanos = nowNanos;
    }

    /// How long from `nowNanos` the caller has to wait.
    synchronized long takeDelayNanos(long nowNanos) {
        long at = nextNanos - nowNanos < 0 ? nowNanos : nextNanos;
        nextNanos = at + intervalNanos;
        return at - nowNanos;
    }
}

package chat.milena.runtime.time;

/// From 0 on, which [System#nanoTime()] does not promise.
final class SystemTicker implements Ticker {
    static final SystemTicker INSTANCE = new SystemTicker();

    private final long startNanos = System.nanoTime();

    @Override
    public long nanos() {
        return System.nanoTime() - startNanos;
    }
}

package chat.milena.runtime.time;

/// Starts at 0, which [System#nanoTime()] does not promise.
final class SystemTicker implements Ticker {
    static final SystemTicker INSTANCE = new SystemTicker();

    private final long startNanos = System.nanoTime();

    @Override
    public long nanos() {
        return System.nanoTime() - startNanos;
    }
}

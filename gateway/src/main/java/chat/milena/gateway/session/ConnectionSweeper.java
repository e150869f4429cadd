package chat.milena.gateway.session;

import chat.milena.runtime.time.WatchedTicker;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread that watches the time for all connections: silence, tokens, commands without an outcome.
public final class ConnectionSweeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionSweeper.class);
    private static final Duration EVERY = Duration.ofMillis(250);
    /// For [WatchedTicker].
    public static final Duration GAP_MAX = EVERY.multipliedBy(4);

    private final ConnectionRegistry registry;
    private final WatchedTicker time;
    private final Consumer<Throwable> onFatal;
    private final Thread thread;

    /// @param time advanced by each look
    /// @param onFatal called when it no longer watches
    public ConnectionSweeper(ConnectionRegistry registry, WatchedTicker time, Consumer<Throwable> onFatal) {
        this.registry = registry;
        this.time = time;
        this.onFatal = onFatal;
        this.thread = Thread.ofPlatform().daemon().name("connection-sweeper").unstarted(this::run);
    }

    /// Starts to watch. Once.
    public void start() {
        thread.start();
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    /// Checks every connection once.
    void sweep() {
        time.look();
        long nowMillis = time.millis();
        for (Connection connection : registry.all()) {
            try {
                connection.sweep(nowMillis);
            } catch (RuntimeException e) {
                LOG.error("Sweeping connection {} failed", connection.connectionId(), e);
            }
        }
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(EVERY);
                sweep();
            }
        } catch (InterruptedException e) {
            LOG.debug("Sweeper stopped");
        } catch (Throwable e) {
            // Errors too: connections without a watch would live forever.
            LOG.error("Connections are no longer watched", e);
            onFatal.accept(e);
        }
    }
}

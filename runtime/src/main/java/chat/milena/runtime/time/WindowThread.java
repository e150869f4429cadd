package chat.milena.runtime.time;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread that ends windows. It has no bound of its own: its users open one window for each thing that
/// they hold, and bound those.
public final class WindowThread implements WindowTimer, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WindowThread.class);

    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("windows").factory());

    @Override
    public void after(Duration window, Runnable end) {
        try {
            Future<?> _ = executor.schedule(() -> run(end), window.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("Closed: a window is not ended");
        }
    }

    private static void run(Runnable end) {
        try {
            end.run();
        } catch (RuntimeException e) {
            LOG.error("The end of a window failed", e);
        }
    }

    /// Forgets the open windows.
    @Override
    public void close() {
        executor.shutdownNow();
    }
}

package chat.milena.bench.report;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Turns Ctrl-C, and any other request to end the process, into an interruption of the thread of the run. It holds
/// the process until that thread has printed its result, for some seconds at most.
public final class CtrlC implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 15;

    private final CountDownLatch printed = new CountDownLatch(1);
    private final Thread hook;

    public CtrlC(Thread runner) {
        this.hook = new Thread(
                () -> {
                    runner.interrupt();
                    awaitTold();
                },
                "ctrl-c");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void awaitTold() {
        try {
            if (!printed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The result is printed; the process may end.
    @Override
    public void close() {
        printed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is already ending, and the hook with it.
        }
    }
}

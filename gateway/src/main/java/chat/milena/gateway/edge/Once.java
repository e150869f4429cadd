package chat.milena.gateway.edge;

import java.util.concurrent.atomic.AtomicBoolean;

/// A task that is done at its first run, and never again. Safe for all threads.
final class Once implements Runnable {
    private final Runnable task;
    private final AtomicBoolean done = new AtomicBoolean();

    Once(Runnable task) {
        this.task = task;
    }

    @Override
    public void run() {
        if (done.compareAndSet(false, true)) {
            task.run();
        }
    }
}

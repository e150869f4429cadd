package chat.milena.runtime.http;

import chat.milena.runtime.time.Ticker;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioExecutor;

/// Closes a connection after a timeout, on its I/O thread.
///
/// If the thread itself is late, as after a pause of the process, bytes that the client sent in the meantime may
/// still be unread. The connection then gets as much more time as the thread was late, but at most its timeout
/// again. Safe for all threads.
final class Cut {
    /// A delay that a busy machine causes anyway.
    private static final Duration LATE = Duration.ofSeconds(1);

    private final XnioExecutor thread;
    private final Ticker ticker;
    private final Duration time;
    private final Runnable closing;
    private XnioExecutor.@Nullable Key key;
    private boolean removed;

    private Cut(XnioExecutor thread, Ticker ticker, Duration time, Runnable closing) {
        this.thread = thread;
        this.ticker = ticker;
        this.time = time;
        this.closing = closing;
    }

    /// @throws java.util.concurrent.RejectedExecutionException if the thread has stopped
    static Cut after(XnioExecutor thread, Ticker ticker, Duration time, Runnable closing) {
        Cut cut = new Cut(thread, ticker, time, closing);
        cut.arm(time);
        return cut;
    }

    /// Cancels the close. Does nothing if it is too late.
    synchronized void remove() {
        removed = true;
        if (key != null) {
            key.remove();
        }
    }

    private synchronized void arm(Duration within) {
        long dueNanos = ticker.nanos() + within.toNanos();
        key = thread.executeAfter(() -> due(dueNanos), within.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void due(long dueNanos) {
        Duration late = Duration.ofNanos(ticker.nanos() - dueNanos);
        synchronized (this) {
            if (removed) {
                return;
            }
            if (late.compareTo(LATE) > 0) {
                arm(late.compareTo(time) < 0 ? late : time);
                return;
            }
        }
        closing.run();
    }
}

package chat.milena.runtime.http;

import chat.milena.runtime.time.Ticker;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioExecutor;

/// Closes a connection once its time is over, on its I/O thread.
///
/// Where the thread itself is late, as after a pause of the process, what the client sent meanwhile may lie unread. So
/// the connection gets as much more time as the thread was late, though not more than it had. Safe for all threads.
final class Cut {
    /// What a busy machine makes of any time.
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

    /// @throws java.util.concurrent.RejectedExecutionException if the thread takes nothing any more
    static Cut after(XnioExecutor thread, Ticker ticker, Duration time, Runnable closing) {
        Cut cut = new Cut(thread, ticker, time, closing);
        cut.arm(time);
        return cut;
    }

    /// The connection stays. Does nothing where it is too late.
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

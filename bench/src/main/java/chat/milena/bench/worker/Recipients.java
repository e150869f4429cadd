package chat.milena.bench.worker;

import chat.milena.bench.report.Latencies;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the users who are away have not been notified of, and how old it was when a push came. Safe for all threads.
///
/// A push counts for all messages to its user that were written before it came. Its age is that of the oldest one.
final class Recipients {
    private static final long POLL_MILLIS = 20;

    private final List<Recipient> all;
    private volatile Latencies ages = new Latencies();
    private final Latencies backlogAges = new Latencies();
    private final AtomicInteger backlog = new AtomicInteger();
    private volatile long resumedNanos;
    private volatile boolean resumed;
    private volatile long caughtUpNanos;

    Recipients(int count) {
        this.all = Stream.generate(Recipient::new).limit(count).toList();
    }

    /// One user. The messages that wait are bounded by those that the load sends.
    private static final class Recipient {
        private final Deque<Long> open = new ArrayDeque<>();

        private synchronized void written(long nanos) {
            open.add(nanos);
        }

        /// When the oldest message was written; null without one.
        private synchronized @Nullable Long pushed() {
            Long oldest = open.peek();
            open.clear();
            return oldest;
        }

        private synchronized boolean isOpen() {
            return !open.isEmpty();
        }
    }

    /// An acknowledged message to a user.
    void written(int recipient, long writtenNanos) {
        all.get(recipient).written(writtenNanos);
    }

    /// Forgets what was written: nobody is to be notified of it.
    void forget() {
        all.forEach(Recipient::pushed);
    }

    /// A push came.
    void pushed(int recipient, long nowNanos) {
        Long oldest = all.get(recipient).pushed();
        if (oldest == null) {
            // Written while the push was on its way.
            return;
        }
        if (resumed && oldest - resumedNanos < 0) {
            backlogAges.record(nowNanos - oldest);
            if (backlog.decrementAndGet() == 0) {
                caughtUpNanos = nowNanos;
            }
        } else {
            ages.record(nowNanos - oldest);
        }
    }

    /// Ages from now on.
    Latencies begin() {
        Latencies fresh = new Latencies();
        ages = fresh;
        return fresh;
    }

    /// The push service answers again from now on. No message is written and no push accepted meanwhile.
    void resume(long nowNanos) {
        backlog.set(open());
        resumedNanos = nowNanos;
        resumed = true;
    }

    /// Whether everything from before the end of the stall was pushed that long ago.
    boolean isCaughtUpFor(long nanos, long nowNanos) {
        long since = caughtUpNanos == 0 ? resumedNanos : caughtUpNanos;
        return backlog.get() == 0 && nowNanos - since >= nanos;
    }

    /// How many users have not been notified of something.
    int open() {
        return (int) all.stream().filter(Recipient::isOpen).count();
    }

    /// Waits until nobody is, for a bounded time.
    void awaitAll(long withinNanos) throws InterruptedException {
        long giveUpNanos = System.nanoTime() + withinNanos;
        while (open() > 0 && System.nanoTime() - giveUpNanos < 0) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    /// The time from the end of the stall until everything from before was pushed, in seconds; NaN if it was not.
    double caughtUpSeconds() {
        return backlog.get() == 0 && caughtUpNanos != 0 ? (caughtUpNanos - resumedNanos) / 1e9 : Double.NaN;
    }

    /// Of messages from before the end of the stall.
    Latencies.Summary backlogAges() {
        return backlogAges.summary();
    }
}

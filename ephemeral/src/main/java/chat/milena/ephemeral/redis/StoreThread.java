package chat.milena.ephemeral.redis;

import chat.milena.runtime.lifecycle.Readiness;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The thread on which one component uses a store of Redis, while there is one.
///
/// ```
/// away ──opened──▶ there ──StoreAwayException──▶ away, for a growing while with jitter
/// ```
/// The component's [Work] handles an open store and the time without one; all of it runs on this thread, one step
/// after the other. Readiness shows each time that the store is away; the log shows it once until it is back. A
/// store that opens and then does not work counts as away.
///
/// @param <S> the store, which is closed here when it fails or is no longer needed
public final class StoreThread<S extends SharedStore> {
    private static final Logger LOG = LoggerFactory.getLogger(StoreThread.class);
    private static final Duration AWAY_ROUND = Duration.ofMillis(50);
    /// A store that works for this long is back.
    private static final Duration THERE_AFTER = Duration.ofSeconds(1);
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(2);

    private final Notices notices;
    private final Work<S> work;
    private final Readiness readiness;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);

    /// The words for operators.
    ///
    /// @param name of the component and its thread
    /// @param lacking how it works without the store
    /// @param away logged when the store is lost
    /// @param back logged when the store is back
    public record Notices(String name, String lacking, String away, String back) {}

    /// The work of a component on this thread.
    public interface Work<S> {
        /// A store that answers.
        ///
        /// @throws StoreAwayException if it does not
        S open();

        /// Works with the store until the thread is closed, and sets readiness itself when the store works.
        ///
        /// @throws StoreAwayException if the store does not answer any longer
        void serve(S store) throws InterruptedException;

        /// There is no store: called every 50 ms between attempts to open one, at least once for each store that
        /// is lost or cannot be opened, and finally when the thread ends.
        void away();
    }

    public StoreThread(Notices notices, Work<S> work, Readiness readiness) {
        this.notices = notices;
        this.work = work;
        this.readiness = readiness;
        this.thread = Thread.ofPlatform().daemon().name(notices.name()).unstarted(this::run);
    }

    /// Starts to look for a store.
    public void start() {
        thread.start();
    }

    /// Whether the work must end.
    public boolean isClosed() {
        return closed.getCount() == 0;
    }

    /// Waits.
    ///
    /// @return whether the work must end; immediately if so
    public boolean closesWithin(Duration time) throws InterruptedException {
        return closed.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Lets the work end within two seconds, then interrupts it. Idempotent, and harmless before the start.
    public void close() throws InterruptedException {
        closed.countDown();
        if (thread.isAlive()) {
            thread.join(ENDS_WITHIN);
            thread.interrupt();
        }
        readiness.forget(notices.name());
    }

    private void run() {
        Retries retries = new Retries();
        boolean logged = false;
        boolean brief = false;
        try {
            while (!isClosed()) {
                readiness.degraded(notices.name(), notices.lacking());
                long openedNanos = Long.MAX_VALUE;
                try (S store = work.open()) {
                    openedNanos = System.nanoTime();
                    if (logged && !brief) {
                        LOG.info("Redis is back: {}", notices.back());
                        logged = false;
                    }
                    work.serve(store);
                } catch (StoreAwayException e) {
                    if (!logged) {
                        LOG.warn("{}: {}", notices.away(), e.getMessage());
                        logged = true;
                    }
                } catch (RuntimeException e) {
                    LOG.error("The work of {} failed; it starts again", notices.name(), e);
                }
                if (openedNanos != Long.MAX_VALUE) {
                    brief = System.nanoTime() - openedNanos < THERE_AFTER.toNanos();
                    if (!brief) {
                        retries.succeeded();
                    }
                }
                doWithout(retries.next());
            }
        } catch (InterruptedException e) {
            LOG.debug("The work of {} was interrupted", notices.name());
        } finally {
            away();
        }
    }

    private void away() {
        try {
            work.away();
        } catch (RuntimeException e) {
            LOG.error("The work of {} failed while Redis is away", notices.name(), e);
        }
    }

    private void doWithout(Duration pause) throws InterruptedException {
        long end = System.nanoTime() + pause.toNanos();
        Duration round = pause.compareTo(AWAY_ROUND) < 0 ? pause : AWAY_ROUND;
        do {
            away();
        } while (!closesWithin(round) && System.nanoTime() < end);
    }
}

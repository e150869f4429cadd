package chat.milena.ephemeral.redis;

import chat.milena.runtime.observe.Readiness;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The thread of its own on which one component speaks with a store of Redis, whenever there is one.
///
/// ```
/// away ──opened──▶ there ──StoreAwayException──▶ away, for a growing while with jitter
/// ```
/// What is done with an open store, and while there is none, is its [Work]; all of it is done here, and nothing at
/// once. That the store is away is readiness's to know each time, and is logged once until it is there again; one that
/// opens
/// and then does nothing is as good as away.
///
/// @param <S> the store, which is closed here when it fails or is no longer needed
public final class StoreThread<S extends SharedStore> {
    private static final Logger LOG = LoggerFactory.getLogger(StoreThread.class);
    private static final Duration AWAY_ROUND = Duration.ofMillis(50);
    /// A store that serves for so long is there.
    private static final Duration THERE_AFTER = Duration.ofSeconds(1);
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(2);

    private final Told told;
    private final Work<S> work;
    private final Readiness readiness;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);

    /// What operators are told.
    ///
    /// @param name of the component and its thread
    /// @param lacking how it does without the store
    /// @param away logged when it begins to do without
    /// @param back logged when it need not any longer
    public record Told(String name, String lacking, String away, String back) {}

    /// What a component does on this thread.
    public interface Work<S> {
        /// A store that answers.
        ///
        /// @throws StoreAwayException if it does not
        S open();

        /// Works with the store until the thread is closed; says itself when readiness may know it as ready.
        ///
        /// @throws StoreAwayException if the store does not answer any longer
        void serve(S store) throws InterruptedException;

        /// There is no store: told every 50 ms between attempts to open one, at least once for each store that is lost
        /// or cannot be
        /// had, and at last when the thread ends.
        void away();
    }

    /// @param told the same for as long as it lives
    public StoreThread(Told told, Work<S> work, Readiness readiness) {
        this.told = told;
        this.work = work;
        this.readiness = readiness;
        this.thread = Thread.ofPlatform().daemon().name(told.name()).unstarted(this::run);
    }

    /// Begins to look for a store.
    public void start() {
        thread.start();
    }

    /// Whether the work is to end.
    public boolean isClosed() {
        return closed.getCount() == 0;
    }

    /// Waits.
    ///
    /// @return whether the work is to end, at once if it is
    public boolean closesWithin(Duration time) throws InterruptedException {
        return closed.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Lets the work end, for two seconds, then interrupts it. Idempotent, and harmless before the start.
    public void close() throws InterruptedException {
        closed.countDown();
        if (thread.isAlive()) {
            thread.join(ENDS_WITHIN);
            thread.interrupt();
        }
        readiness.forget(told.name());
    }

    private void run() {
        Retries retries = new Retries();
        boolean logged = false;
        boolean brief = false;
        try {
            while (!isClosed()) {
                readiness.degraded(told.name(), told.lacking());
                long openedNanos = Long.MAX_VALUE;
                try (S store = work.open()) {
                    openedNanos = System.nanoTime();
                    if (logged && !brief) {
                        LOG.info("Redis is there: {}", told.back());
                        logged = false;
                    }
                    work.serve(store);
                } catch (StoreAwayException e) {
                    if (!logged) {
                        LOG.warn("{}: {}", told.away(), e.getMessage());
                        logged = true;
                    }
                } catch (RuntimeException e) {
                    LOG.error("The work of {} failed; it begins anew", told.name(), e);
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
            LOG.debug("The work of {} is interrupted", told.name());
        } finally {
            away();
        }
    }

    private void away() {
        try {
            work.away();
        } catch (RuntimeException e) {
            LOG.error("The work of {} failed while Redis is away", told.name(), e);
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

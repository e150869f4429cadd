package chat.milena.gateway.live;

import chat.milena.gateway.session.Connection;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Checks again, each minute, whom connections may see, so that a user is no longer seen without a shared
/// conversation, and sends missed changes. One connection after the other: with very many it takes longer, but
/// never costs more.
///
/// After a possible loss there are two more reviews. The first, immediately, sends only present users, since
/// updates from before the subscription to all channels were missed. The second, after all gateways had time to
/// register their users, also sends those who are offline.
final class PresenceReview implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PresenceReview.class);
    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final Duration AFTER_GRACE = Duration.ofSeconds(1);

    private final Watchers watchers;
    private final PresenceHandler handler;
    private final Duration grace;
    private final Thread thread = Thread.ofVirtual().name("presence-review").unstarted(this::run);
    private long nextNanos = System.nanoTime() + EVERY.toNanos();
    private boolean presentDue;
    /// The time of that, if there was one.
    private boolean missed;
    private long missedNanos;

    /// @param grace how long others may need to register their users, once Redis is back
    PresenceReview(Watchers watchers, PresenceHandler handler, Duration grace) {
        this.watchers = watchers;
        this.handler = handler;
        this.grace = grace;
    }

    void start() {
        thread.start();
    }

    /// Updates may have been missed: does not wait for the minute to end. If that happens again before the second
    /// review, that one comes later, but not indefinitely.
    synchronized void soon() {
        presentDue = true;
        long now = System.nanoTime();
        long delayNanos = grace.plus(AFTER_GRACE).toNanos();
        if (!missed) {
            missed = true;
            missedNanos = now;
        }
        nextNanos = Math.min(now + delayNanos, missedNanos + 2 * delayNanos);
        notifyAll();
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            while (true) {
                boolean presentOnly = await();
                review(watchers.all(), presentOnly);
            }
        } catch (InterruptedException e) {
            LOG.debug("Presence is reviewed no longer");
        }
    }

    /// @return whether only present users are sent
    private synchronized boolean await() throws InterruptedException {
        long left = nextNanos - System.nanoTime();
        while (left > 0 && !presentDue) {
            wait(Math.max(1, Duration.ofNanos(left).toMillis()));
            left = nextNanos - System.nanoTime();
        }
        if (presentDue) {
            presentDue = false;
            return true;
        }
        missed = false;
        nextNanos = System.nanoTime() + EVERY.toNanos();
        return false;
    }

    private void review(List<Connection> connections, boolean presentOnly) throws InterruptedException {
        for (Connection connection : connections) {
            try {
                handler.review(connection, presentOnly);
            } catch (RuntimeException e) {
                LOG.error("A review of connection {} failed", connection.connectionId(), e);
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }
}

package chat.milena.gateway.presence;

import chat.milena.gateway.connection.Connection;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks again, each minute, whom connections may see, so that who no longer shares anything is seen no longer, and
/// tells them what they missed. One connection after the other: with very many it takes longer, and never costs more.
final class PresenceReview implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PresenceReview.class);
    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final Duration AFTER_GRACE = Duration.ofSeconds(1);

    private final Watchers watchers;
    private final PresenceHandler handler;
    private final Duration grace;
    private final Thread thread = Thread.ofVirtual().name("presence-review").unstarted(this::run);
    private long nextNanos = System.nanoTime() + EVERY.toNanos();

    /// @param grace how long others may need to register their users, once Redis is back
    PresenceReview(Watchers watchers, PresenceHandler handler, Duration grace) {
        this.watchers = watchers;
        this.handler = handler;
        this.grace = grace;
    }

    void start() {
        thread.start();
    }

    /// Something may have been missed: does not wait for the minute to end, but for others to say who is there.
    synchronized void soon() {
        nextNanos = System.nanoTime() + grace.plus(AFTER_GRACE).toNanos();
        notifyAll();
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            while (true) {
                await();
                review(watchers.all());
            }
        } catch (InterruptedException e) {
            LOG.debug("Presence is reviewed no longer");
        }
    }

    private synchronized void await() throws InterruptedException {
        long left = nextNanos - System.nanoTime();
        while (left > 0) {
            wait(Math.max(1, Duration.ofNanos(left).toMillis()));
            left = nextNanos - System.nanoTime();
        }
        nextNanos = System.nanoTime() + EVERY.toNanos();
    }

    private void review(List<Connection> connections) throws InterruptedException {
        for (Connection connection : connections) {
            try {
                handler.review(connection);
            } catch (RuntimeException e) {
                LOG.error("A review of connection {} failed", connection.connectionId(), e);
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }
}

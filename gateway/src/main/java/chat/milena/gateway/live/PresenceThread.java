package chat.milena.gateway.live;

import chat.milena.ephemeral.presence.LocalUsers;
import chat.milena.ephemeral.presence.PresenceStore;
import chat.milena.ephemeral.redis.StoreThread;
import chat.milena.runtime.lifecycle.Readiness;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread that uses the store, so that no other thread ever waits for it.
///
/// Each time the store is back, the gateway joins under a new id and registers all connected users again. Other
/// gateways remove its earlier registrations as those of a dead gateway, within the same grace. **Overflow.** Jobs
/// without room, or while the store is away, are dropped immediately and counted.
final class PresenceThread implements StoreThread.Work<PresenceStore> {
    private static final Logger LOG = LoggerFactory.getLogger(PresenceThread.class);
    private static final String NAME = "presence";
    private static final StoreThread.Notices NOTICES = new StoreThread.Notices(
            NAME, "paused: Redis does not answer", "Presence and typing are paused", "presence and typing work again");
    private static final int JOBS_MAX = 10_000;
    private static final int JOBS_A_ROUND = 200;
    private static final int USERS_A_ROUND = 200;
    private static final int SETTLED_A_ROUND = 200;
    private static final Duration ROUND = Duration.ofMillis(50);
    /// Together longer than Redis may take to answer.
    private static final int DEAF_ROUNDS_MAX = 60;
    private static final Duration AGAIN = Duration.ofMillis(5);
    private static final Duration BEAT = Duration.ofSeconds(1);
    private static final Duration SETTLE = Duration.ofMillis(100);

    private final PresenceStore.Opener opener;
    private final PresenceRelay relay;
    private final LocalUsers users;
    private final Watchers watchers;
    private final PresenceConfig config;
    private final Readiness readiness;
    private final Runnable onReturn;
    private final Counter dropped;
    /// Jobs that wait until all channels are subscribed; few, since that takes a moment.
    private final List<Job> again = new ArrayList<>();
    private final BlockingQueue<Job> jobs = new ArrayBlockingQueue<>(JOBS_MAX);
    private final StoreThread<PresenceStore> thread;
    private int deafRounds;
    private volatile boolean there;

    /// A job for the store.
    interface Job {
        /// Does the job.
        void run(PresenceStore store);

        /// The job will not be done.
        void dropped();
    }

    /// @param onReturn called each time the store is back, or this gateway was silent for too long
    PresenceThread(
            PresenceStore.Opener opener,
            PresenceRelay relay,
            LocalUsers users,
            Watchers watchers,
            PresenceConfig config,
            Readiness readiness,
            MeterRegistry meters,
            Runnable onReturn) {
        this.opener = opener;
        this.relay = relay;
        this.users = users;
        this.watchers = watchers;
        this.config = config;
        this.readiness = readiness;
        this.onReturn = onReturn;
        this.thread = new StoreThread<>(NOTICES, this, readiness);
        this.dropped = Counter.builder("milena.redis.dropped")
                .description("Changes and requests that were dropped because Redis was away or slow")
                .register(meters);
        Gauge.builder("milena.redis.up", () -> there ? 1 : 0)
                .description("Whether Redis answers; without it presence and typing are paused")
                .register(meters);
    }

    void start() {
        thread.start();
    }

    /// Whether the store answers.
    boolean isThere() {
        return there;
    }

    /// Does a job soon, or drops it immediately.
    void offer(Job job) {
        if (thread.isClosed() || !there || !jobs.offer(job)) {
            drop(job);
        }
    }

    /// Reports the users who have left, and stops.
    void close() throws InterruptedException {
        thread.close();
    }

    @Override
    public PresenceStore open() {
        return opener.open(relay);
    }

    /// Requests from this time are answered so, and updates are repeated later from the users who are here then.
    @Override
    public void away() {
        there = false;
        dropAll();
        users.forgetChanges();
        relay.endTyping();
    }

    @Override
    public void serve(PresenceStore store) throws InterruptedException {
        String gatewayId = newId();
        store.join(gatewayId);
        users.allChanged();
        there = true;
        readiness.set(NAME, true, "");
        onReturn.run();
        long refreshed = System.nanoTime();
        long beaten = refreshed;
        long settled = refreshed;
        while (!thread.isClosed()) {
            Duration wait = waitFor();
            Job first = jobs.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
            // Both before the jobs: a request is answered with earlier states, and later ones arrive as updates.
            store.listenTo(watchers.shards(), users.shards());
            boolean known = store.place(gatewayId, users.takeChanged(USERS_A_ROUND));
            runJobs(store, first, store.isListening());
            relay.endTyping();
            long now = System.nanoTime();
            if (now - settled >= SETTLE.toNanos()) {
                settled = now;
                store.settle(SETTLED_A_ROUND);
            }
            if (now - refreshed >= config.times().life().toNanos() / 3) {
                refreshed = now;
                users.allChanged();
            }
            if (now - beaten >= BEAT.toNanos()) {
                beaten = now;
                known &= store.beat(gatewayId);
            }
            if (!known) {
                LOG.warn("Presence lease expired; registering all local users again");
                gatewayId = newId();
                store.join(gatewayId);
                users.allChanged();
                onReturn.run();
            }
        }
        while (users.isBehind()) {
            store.place(gatewayId, users.takeChanged(Integer.MAX_VALUE));
        }
    }

    private Duration waitFor() {
        if (users.isBehind()) {
            return Duration.ZERO;
        }
        return again.isEmpty() ? ROUND : AGAIN;
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }

    /// Waits until the channels are subscribed, but not for longer than that should take.
    private void runJobs(PresenceStore store, @Nullable Job first, boolean listening) {
        List<Job> now = new ArrayList<>();
        if (first != null) {
            now.add(first);
            jobs.drainTo(now, JOBS_A_ROUND);
        }
        deafRounds = listening ? 0 : deafRounds + 1;
        if (!listening && deafRounds <= DEAF_ROUNDS_MAX) {
            again.addAll(now);
            return;
        }
        now.addAll(0, again);
        again.clear();
        int done = 0;
        try {
            for (Job job : now) {
                job.run(store);
                done++;
            }
        } finally {
            now.subList(done, now.size()).forEach(this::drop);
        }
    }

    private void dropAll() {
        again.forEach(this::drop);
        again.clear();
        for (Job job = jobs.poll(); job != null; job = jobs.poll()) {
            drop(job);
        }
    }

    private void drop(Job job) {
        dropped.increment();
        job.dropped();
    }
}

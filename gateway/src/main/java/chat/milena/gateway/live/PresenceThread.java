package chat.milena.gateway.live;

import chat.milena.ephemeral.presence.LocalUsers;
import chat.milena.ephemeral.presence.PresenceStore;
import chat.milena.ephemeral.redis.StoreThread;
import chat.milena.runtime.observe.Readiness;
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

/// The one thread that speaks with the store, so that nobody else ever waits for it.
///
/// Whenever the store is there again the gateway joins under a new id and says anew who is connected: whatever it
/// said before is taken back by the others as if that gateway had died, within the same grace. **Overflow.** Jobs
/// that find no room, or the store away, are told so at once and counted.
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
    /// Those that wait until all is listened to; few, since that takes a moment.
    private final List<Job> again = new ArrayList<>();
    private final BlockingQueue<Job> jobs = new ArrayBlockingQueue<>(JOBS_MAX);
    private final StoreThread<PresenceStore> thread;
    private int deafRounds;
    private volatile boolean there;

    /// Something to be done with the store.
    interface Job {
        /// Does it.
        void run(PresenceStore store);

        /// It will not be done.
        void dropped();
    }

    /// @param onReturn told each time the store is there, or this gateway was silent for too long
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
                .description("What was not told or asked, since Redis is away or slow")
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

    /// Has something done soon, or drops it at once.
    void offer(Job job) {
        if (thread.isClosed() || !there || !jobs.offer(job)) {
            drop(job);
        }
    }

    /// Says who has left meanwhile, and ends.
    void close() throws InterruptedException {
        thread.close();
    }

    @Override
    public PresenceStore open() {
        return opener.open(relay);
    }

    /// What was asked meanwhile is told so, and what was said meanwhile is said anew from who is here then.
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
            // Both before the jobs: whoever asks is told of who came before, and hears of who comes after.
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
                LOG.warn("This gateway was silent for too long: it says anew who is here");
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

    /// What is to be heard of must be listened to first; not for longer than that should take.
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

package chat.milena.bench.scenario;

import chat.milena.bench.call.RestClient;
import chat.milena.bench.check.Checker;
import chat.milena.bench.client.ChatClient;
import chat.milena.bench.client.ClientOptions;
import chat.milena.bench.client.Connection;
import chat.milena.bench.client.MessageIds;
import chat.milena.bench.client.SentMessage;
import chat.milena.bench.frame.ServerFrame;
import chat.milena.bench.load.Crowd;
import chat.milena.bench.load.LoadSettings;
import chat.milena.bench.load.RatedLoad;
import chat.milena.bench.load.Shape;
import chat.milena.bench.report.CheckedListener;
import chat.milena.bench.report.Notices;
import chat.milena.bench.report.Progress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Another tenant that sends as fast as it is allowed: a closed loop in which every answer is followed by the next
/// send. The server's rates for its tokens determine its speed.
///
/// Its connections have an event loop and a check of their own, so that their frames do not delay the measured
/// users, and so that ids with another meaning in its tenant are never compared. Idle until started.
final class FloodingTenant implements AutoCloseable {
    private static final int CONNECTS_PER_SECOND_MAX = 50;

    private final Beside.TenantFlood options;
    private final LoadSettings settings;
    private final ChatClient client;
    private final RestClient rest;
    private final Checker checker = new Checker();
    private final Notices notices = new Notices();
    private final MessageIds ids = new MessageIds(UUID.randomUUID());
    private final AtomicLong indexes = new AtomicLong();
    private final LongAdder inFlight = new LongAdder();
    private final LongAdder acked = new LongAdder();
    private final Notices refused = new Notices();
    private final List<Flooder> users = new ArrayList<>();
    private volatile boolean running;
    private long startedNanos;

    FloodingTenant(Beside.TenantFlood options, LoadSettings settings, Clock clock) {
        this.options = options;
        this.settings = settings;
        // Slow enough for any server's rate of new connections, which applies to these users too.
        ClientOptions connections = settings.clientOptions()
                .withConnectsPerSecond(Math.min(CONNECTS_PER_SECOND_MAX, settings.connectsPerSecond()));
        // Twice, since a refused send returns its permit only after the next one has requested one.
        connections = connections.withInFlightMax(2 * options.window());
        this.client = new ChatClient(
                options.rude() ? connections : connections.withRetryRefusedFor(Duration.ofMinutes(1)),
                options.tokens(),
                clock);
        this.rest = new RestClient(settings.server(), options.tokens(), RatedLoad.REST_PATIENCE);
    }

    void gather(Progress progress) throws InterruptedException {
        Shape shape = options.shape();
        Crowd crowd = new Crowd(shape, "flood", progress);
        crowd.connect(
                client,
                i -> {
                    users.add(new Flooder("flooder " + i));
                    return users.get(i);
                },
                (i, connection) -> users.get(i).connection = connection);
        List<String> conversations = crowd.create(rest);
        for (int c = 0; c < conversations.size(); c++) {
            for (int place = 0; place < shape.membersEach(); place++) {
                users.get(shape.member(c, place)).conversationId = conversations.get(c);
            }
        }
    }

    void start() {
        running = true;
        startedNanos = System.nanoTime();
        for (int i = 0; i < options.window(); i++) {
            users.forEach(Flooder::next);
        }
    }

    /// Ends it, waits within the settings' tail for the answers to its last sends, and reports its counts.
    FloodResult stop() throws InterruptedException {
        running = false;
        double seconds = (System.nanoTime() - startedNanos) / 1e9;
        long ackedNow = acked.sum();
        Map<String, Long> refusals = refused.counts();
        users.forEach(Flooder::stopRetrying);
        long giveUpNanos = System.nanoTime() + settings.tail().toNanos();
        while ((inFlight.sum() > 0 || checker.behind() > 0) && System.nanoTime() - giveUpNanos < 0) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return new FloodResult(
                users.size(), seconds, ackedNow, refusals, inFlight.sum(), checker.report(), notices.counts());
    }

    @Override
    public void close() {
        running = false;
        rest.close();
        client.close();
    }

    private final class Flooder extends CheckedListener {
        private volatile @Nullable Connection connection;
        private volatile String conversationId = "";

        Flooder(String name) {
            super(checker.observer(name), notices);
        }

        void next() {
            Connection open = connection;
            if (!running || open == null) {
                return;
            }
            long index = indexes.getAndIncrement();
            inFlight.increment();
            if (!open.trySend(conversationId, ids.of(index), settings.text(), index)) {
                inFlight.decrement();
            }
        }

        void stopRetrying() {
            Connection open = connection;
            if (open != null) {
                open.stopRetrying();
            }
        }

        @Override
        protected void acked(ServerFrame.MessageAck ack, @Nullable SentMessage sent) {
            if (sent != null) {
                inFlight.decrement();
                acked.increment();
                next();
            }
        }

        @Override
        protected void delivered(ServerFrame.MessageNew message) {}

        @Override
        public void onRefused(Connection source, SentMessage sent, ServerFrame.Refusal refusal) {
            inFlight.decrement();
            refused.add(refusal.code());
            next();
        }
    }
}

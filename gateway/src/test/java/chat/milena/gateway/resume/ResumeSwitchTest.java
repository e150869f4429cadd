package chat.milena.gateway.resume;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.gateway.Deliveries;
import chat.milena.gateway.MovableWindows;
import chat.milena.gateway.ThreadedSocket;
import chat.milena.gateway.command.InFlight;
import chat.milena.gateway.delivery.BulkConfig;
import chat.milena.gateway.delivery.DeliveryCodec;
import chat.milena.gateway.delivery.DeliveryDispatcher;
import chat.milena.gateway.delivery.DeliveryLanes;
import chat.milena.gateway.delivery.ReactionRelay;
import chat.milena.gateway.delivery.ReceiptRelay;
import chat.milena.gateway.delivery.ShardFeed;
import chat.milena.gateway.session.Connection;
import chat.milena.gateway.session.ConnectionConfig;
import chat.milena.gateway.session.ConnectionRegistry;
import chat.milena.gateway.session.FrameFormat;
import chat.milena.gateway.session.FrameMeters;
import chat.milena.gateway.session.TokenLife;
import chat.milena.protocol.frame.ServerFrames;
import chat.milena.protocol.json.Json;
import chat.milena.runtime.config.Secret;
import chat.milena.runtime.limit.Budget;
import chat.milena.runtime.limit.Budget.Bounds;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.testsupport.MovableClock;
import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Timeout;

/// Clients that come and go while a shard is dispatched, over everything from the feed to the outboxes. Whatever the
/// interleaving: within one connection the numbers of each conversation follow on each other, and the first of them is
/// not beyond what the client had when it got its token.
@Timeout(120)
class ResumeSwitchTest {
    private static final int CLIENTS = 3;
    private static final int CONVERSATIONS = 5;
    private static final int RESUMES_EACH = 40;
    private static final int AHEAD_MAX = 1_500;
    private static final int BULK_FROM = 8;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final MovableClock clock = new MovableClock();
    private final ConnectionRegistry registry = new ConnectionRegistry(meters);
    private final RecentDeliveries recent = new RecentDeliveries(ResumeConfig.DEFAULT.recent(), clock, clock::nanos);
    private final Resumes resumes = new Resumes(
            new ResumeTokens(new Secret("a secret of this test"), Duration.ofHours(1), clock, List.of()),
            recent,
            new LogScan(
                    new DeliveryCodec(new TopicCatalogue(Sizing.EMBEDDED, ShippedSchemas.load()).deliveries()),
                    () -> new MockConsumer<>("none"),
                    ResumeConfig.DEFAULT.scans()),
            ResumeConfig.DEFAULT,
            1,
            clock,
            meters);
    private final List<Throwable> fatal = new CopyOnWriteArrayList<>();
    private final DeliveryLanes lanes = new DeliveryLanes(
            new DeliveryDispatcher(
                    "gw",
                    registry,
                    new InFlight(),
                    new ReceiptRelay(registry, new MovableWindows(), Duration.ofMillis(200), 3),
                    new ReactionRelay(registry, new MovableWindows(), Duration.ofMillis(200), 3, recent::dispatched),
                    recent::dispatched,
                    (sender, delivery) -> {}),
            new BulkConfig(
                    BULK_FROM, 4, Duration.ofNanos(50_000), 100, 100_000, Duration.ofMillis(1), Duration.ofMillis(1)),
            clock,
            meters,
            fatal::add);
    private final ShardFeed feed = ShardFeed.pipeline(recent, lanes);
    private final ExecutorService io = Executors.newSingleThreadExecutor();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicLongArray seen = new AtomicLongArray(CLIENTS);
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger names = new AtomicInteger();

    @AfterEach
    void stop() {
        over.set(true);
        threads.shutdownNow();
        lanes.close();
        io.shutdownNow();
        assertThat(fatal).isEmpty();
    }

    @RepeatedTest(3)
    void everyConnectionGoesOnWhereItsTokenSays(RepetitionInfo repetition) throws Exception {
        long seed = repetition.getCurrentRepetition();
        lanes.start();
        feed.begun(0, 0);
        List<Future<Integer>> clients = new ArrayList<>();
        List<CameBack> all = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            all.add(new CameBack(client, new Random(seed * 100 + client)));
        }
        Future<?> reader = threads.submit(() -> deliver(new Random(seed)));
        all.forEach(client -> clients.add(threads.submit(client)));
        for (Future<Integer> client : clients) {
            assertThat(client.get(100, TimeUnit.SECONDS)).as("seed %s", seed).isEqualTo(RESUMES_EACH);
        }
        over.set(true);
        reader.get(10, TimeUnit.SECONDS);
        assertThat(meters.counter("milena.gateway.resumes", "result", "recent").count())
                .isEqualTo(CLIENTS * RESUMES_EACH);
    }

    /// As the shard reader's thread, a bounded way ahead of the slowest client.
    private void deliver(Random random) {
        long[] numbers = new long[CONVERSATIONS];
        for (long offset = 0; !over.get(); offset++) {
            while (!over.get() && offset - slowest() > AHEAD_MAX) {
                Thread.onSpinWait();
            }
            int conversation = random.nextInt(CONVERSATIONS);
            List<String> to = new ArrayList<>();
            for (int user = 0; user < CLIENTS + (random.nextInt(4) == 0 ? BULK_FROM : 0); user++) {
                to.add("u" + user);
            }
            feed.accept(Deliveries.written(
                    0,
                    offset,
                    clock.millis(),
                    Deliveries.event(
                            "default", "c" + conversation, ++numbers[conversation], "hi", to.toArray(String[]::new))));
        }
    }

    private long slowest() {
        long slowest = Long.MAX_VALUE;
        for (int client = 0; client < CLIENTS; client++) {
            slowest = Math.min(slowest, seen.get(client));
        }
        return slowest;
    }

    /// A client that loses its connection again and again, and then knows what it knew when it got its token.
    private final class CameBack implements Callable<Integer> {
        private final int client;
        private final UserKey user;
        private final Random random;
        private Map<String, Long> known = new HashMap<>();
        private Map<String, Long> atToken = new HashMap<>();
        private Map<String, Long> told = new HashMap<>();
        private @Nullable String token;
        private ThreadedSocket socket = new ThreadedSocket(io);
        private Connection connection;

        private CameBack(int client, Random random) {
            this.client = client;
            this.user = new UserKey("default", "u" + client);
            this.random = random;
            this.connection = connect();
        }

        @Override
        public Integer call() throws Exception {
            int resumed = 0;
            while (resumed < RESUMES_EACH) {
                listen(random.nextInt(200));
                // As the answer to a heartbeat is made.
                connection.send(ServerFrames.heartbeat(
                        null, clock.instant(), resumes.points(user).token()));
                while (!hear().equals("heartbeat")) {}
                listen(random.nextInt(200));
                registry.remove(connection);
                known = new HashMap<>(atToken);
                connection = connect();
                resumed++;
            }
            seen.set(client, Long.MAX_VALUE);
            return resumed;
        }

        private Connection connect() {
            socket = new ThreadedSocket(io);
            told = new HashMap<>();
            Connection opened = new Connection(
                    "conn_" + names.incrementAndGet(),
                    new TokenLife(
                            clock.instant(),
                            0,
                            new VerifiedToken(
                                    "default",
                                    user.userId(),
                                    null,
                                    clock.instant().plusSeconds(60)),
                            Duration.ofSeconds(60)),
                    socket,
                    ConnectionConfig.DEFAULT,
                    new Connection.Shared(
                            new FrameMeters(meters), new Budget(new Bounds(10, 10, Bounds.NONE, Bounds.NONE))),
                    new FrameFormat(resumes.points(user), false));
            boolean comesBack = token != null;
            Resumes.Begun begun = resumes.begin(new ConnectionSubscriber(opened, registry), token);
            assertThat(begun.resumed()).isEqualTo(comesBack);
            opened.open(begun.frames(ServerFrames.connected(
                    opened.connectionId(),
                    clock.instant(),
                    Duration.ofSeconds(30),
                    begun.token(),
                    begun.resumed(),
                    ConnectionConfig.DEFAULT.featureLevel(),
                    "s0")));
            return opened;
        }

        private void listen(int frames) throws InterruptedException {
            for (int count = 0; count < frames; count++) {
                hear();
            }
        }

        /// @return the type of the next frame
        private String hear() throws InterruptedException {
            JsonNode frame = Json.parse(socket.next()).orElseThrow();
            JsonNode payload = frame.path("payload");
            String conversationId = payload.path("conversationId").asText();
            String type = frame.path("type").asText();
            switch (type) {
                case "connected", "heartbeat" -> {
                    token = frame.path("resumeToken").asText();
                    atToken = new HashMap<>(known);
                }
                case "message.new" -> number(conversationId, payload);
                case "messages.offline" -> payload.path("messages").forEach(entry -> number(conversationId, entry));
                default -> throw new AssertionError("came " + frame);
            }
            seen.set(client, known.values().stream().mapToLong(Long::longValue).sum());
            return type;
        }

        private void number(String conversationId, JsonNode entry) {
            long number = entry.path("sequenceNumber").asLong();
            long had = known.getOrDefault(conversationId, 0L);
            Long before = told.put(conversationId, number);
            if (before != null) {
                assertThat(number).as("follows in %s", conversationId).isEqualTo(before + 1);
            } else {
                assertThat(number).as("begins in %s", conversationId).isLessThanOrEqualTo(had + 1);
            }
            known.put(conversationId, Math.max(had, number));
        }
    }
}

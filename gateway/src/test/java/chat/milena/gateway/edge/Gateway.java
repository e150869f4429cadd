package chat.milena.gateway.edge;

import chat.milena.ephemeral.rate.CommandRates;
import chat.milena.ephemeral.rate.RateConfig;
import chat.milena.ephemeral.rate.RateConfig.Clients;
import chat.milena.ephemeral.rate.RateConfig.Messages;
import chat.milena.ephemeral.rate.RateConfig.Receipts;
import chat.milena.ephemeral.rate.ReceiptRates;
import chat.milena.gateway.Deliveries;
import chat.milena.gateway.FakeCommandLog;
import chat.milena.gateway.FakeDevices;
import chat.milena.gateway.FakePeople;
import chat.milena.gateway.FakeShards;
import chat.milena.gateway.MovableWindows;
import chat.milena.gateway.command.CommandFactory;
import chat.milena.gateway.command.CommandGate;
import chat.milena.gateway.command.InFlight;
import chat.milena.gateway.command.OutcomeMeters;
import chat.milena.gateway.delivery.DeliveryCodec;
import chat.milena.gateway.delivery.DeliveryDispatcher;
import chat.milena.gateway.delivery.ReactionRelay;
import chat.milena.gateway.delivery.ReceiptRelay;
import chat.milena.gateway.delivery.ShardFeed;
import chat.milena.gateway.device.DeviceSessions;
import chat.milena.gateway.device.PushSetup;
import chat.milena.gateway.live.FrameCommands;
import chat.milena.gateway.live.FrameReceiver;
import chat.milena.gateway.live.LiveReceiver;
import chat.milena.gateway.live.ReceiptSender;
import chat.milena.gateway.live.SyncHandler;
import chat.milena.gateway.live.SyncQuery;
import chat.milena.gateway.live.TokenRefreshes;
import chat.milena.gateway.live.WarningSender;
import chat.milena.gateway.rest.RestApi;
import chat.milena.gateway.rest.RestConfig;
import chat.milena.gateway.resume.LogScan;
import chat.milena.gateway.resume.Polls;
import chat.milena.gateway.resume.RecentDeliveries;
import chat.milena.gateway.resume.ResumeConfig;
import chat.milena.gateway.resume.ResumeTokens;
import chat.milena.gateway.resume.Resumes;
import chat.milena.gateway.session.Connection;
import chat.milena.gateway.session.ConnectionConfig;
import chat.milena.gateway.session.ConnectionRegistry;
import chat.milena.gateway.session.ConnectionSweeper;
import chat.milena.gateway.session.FrameMeters;
import chat.milena.gateway.session.OutboxBudget;
import chat.milena.protocol.call.ServerInfo;
import chat.milena.protocol.frame.ClientFrame.Live;
import chat.milena.protocol.frame.FrameCodec;
import chat.milena.protocol.frame.Limits;
import chat.milena.runtime.config.Secret;
import chat.milena.runtime.config.StartRules;
import chat.milena.runtime.http.AllowedOrigins;
import chat.milena.runtime.http.HttpApi;
import chat.milena.runtime.http.HttpConfig;
import chat.milena.runtime.http.HttpFront;
import chat.milena.runtime.lifecycle.Readiness;
import chat.milena.runtime.limit.Budget;
import chat.milena.runtime.limit.Budget.Bounds;
import chat.milena.runtime.limit.RateLimiter;
import chat.milena.runtime.time.WatchedTicker;
import chat.milena.runtime.token.InvalidTokenException;
import chat.milena.runtime.token.TokenKeysUnavailableException;
import chat.milena.runtime.token.TokenVerifier;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.User;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.testsupport.MovableClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.jspecify.annotations.Nullable;

/// A gateway on a free port of this machine, with everything real but the log, the shards and the clock.
///
/// A token here is `user`, or `tenant/user`, or either with `~seconds` of life; with a `!` behind it, its bearer is
/// exempt from rates; with a `#`, it is issued now; with `^device` at the end, it is good for that device alone; `bad`
/// is none; `unknowable` cannot be checked now.
final class Gateway implements AutoCloseable {
    static final int SHARDS = 4;
    static final int COMMANDS_MAX = 300;
    static final int OUTBOXES_BYTES_MAX = 8 * 1024 * 1024;
    static final int USER_CONNECTIONS_MAX = 30;

    /// Without limits on connections, since all tests come from one address while the clock stands.
    static final RateConfig MESSAGE_RATES = RateConfig.UNLIMITED
            .with(new Messages(10, 100, 2_000))
            .with(new Receipts(50, 0))
            .with(new Clients(0, 0, 100));

    private static final Duration RECEIPT_WINDOW = Duration.ofMillis(200);
    private static final RestConfig REST =
            new RestConfig(100, Duration.ofSeconds(10), StartRules.ANYONE, ServerInfo.FEATURE_LEVEL);

    final FakeCommandLog log = new FakeCommandLog();
    final FakeShards shards = new FakeShards();
    final MovableClock clock = new MovableClock();
    final Readiness readiness = new Readiness();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final ConnectionRegistry registry = new ConnectionRegistry(meters);
    final Budget budget = new Budget(new Bounds(COMMANDS_MAX, COMMANDS_MAX, Bounds.NONE, Bounds.NONE));
    final Budget outboxBytes = new Budget(Bounds.of(OUTBOXES_BYTES_MAX, 50));
    final OutboxBudget outboxes = new OutboxBudget(outboxBytes);
    /// Bytes of messages that have begun to come.
    final Budget unfinished = new Budget(Bounds.of(1024 * 1024, 100).withUser(128 * 1024));
    /// Fails when a connection is opened, as a client of some other system might.
    volatile boolean failsToOpen;

    /// Connections whose presence was begun and not ended.
    final AtomicInteger present = new AtomicInteger();

    /// Frames of presence and typing that came in, which nobody answers here.
    final BlockingQueue<Live> liveFrames = new LinkedBlockingQueue<>();

    private final LiveReceiver live = new LiveReceiver() {
        @Override
        public void opened(Connection connection) {
            present.incrementAndGet();
            if (failsToOpen) {
                throw new IllegalStateException("made to fail by a test");
            }
        }

        @Override
        public void receive(Connection connection, Live frame) {
            liveFrames.add(frame);
        }

        @Override
        public void closed(Connection connection) {
            present.decrementAndGet();
        }

        @Override
        public Runnable present(UserKey user, String connectionId, @Nullable String deviceId) {
            present.incrementAndGet();
            return present::decrementAndGet;
        }
    };

    /// Answers syncs.
    volatile SyncQuery sync = SyncQuery.NONE;

    /// Says who shares a conversation with whom; nobody does until a test says so.
    final FakePeople people = new FakePeople();
    final FakeDevices devices = new FakeDevices();
    /// What devices can be registered with.
    final PushSetup push = PushFiles.setup();
    /// Those that the people who watch are notified of.
    final Queue<User> profiles = new ConcurrentLinkedQueue<>();

    final InFlight calls = new InFlight();
    final PollEndpoint polls;
    final HttpFront front;
    final HttpApi rest;
    final HttpClient http = HttpClient.newHttpClient();
    final MovableWindows windows = new MovableWindows();
    private final ShardFeed feed;
    private final long[] offsets = new long[SHARDS];
    private final ConnectionSweeper sweeper;
    private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();

    Gateway() throws IOException {
        this(ConnectionConfig.DEFAULT, 1_000);
    }

    Gateway(ConnectionConfig config, int connectionsMax) throws IOException {
        this(config, connectionsMax, REST);
    }

    Gateway(ConnectionConfig config, int connectionsMax, RestConfig restConfig) throws IOException {
        this(config, connectionsMax, restConfig, Limits.DEFAULT, MESSAGE_RATES, AllowedOrigins.ANY);
    }

    Gateway(AllowedOrigins origins) throws IOException {
        this(ConnectionConfig.DEFAULT, 1_000, REST, Limits.DEFAULT, MESSAGE_RATES, origins);
    }

    Gateway(Limits limits, RateConfig rateConfig) throws IOException {
        this(ConnectionConfig.DEFAULT, 1_000, REST, limits, rateConfig, AllowedOrigins.ANY);
    }

    private Gateway(
            ConnectionConfig config,
            int connectionsMax,
            RestConfig restConfig,
            Limits limits,
            RateConfig rateConfig,
            AllowedOrigins origins)
            throws IOException {
        front = new HttpFront(HttpConfig.of("127.0.0.1", 0), readiness, origins, new SimpleMeterRegistry());
        CommandFactory commands = new CommandFactory("gw_test", clock);
        OutcomeMeters outcomes = new OutcomeMeters(meters, clock::nanos);
        TokenVerifier verifier = this::verify;
        CommandRates rates = new CommandRates(rateConfig, clock::nanos);
        CommandGate gate = new CommandGate(log, rates, clock::nanos);
        CommandGate receiptGate = new CommandGate(log, new ReceiptRates(rateConfig, clock::nanos), clock::nanos);
        ReceiptSender receipts =
                new ReceiptSender(commands, receiptGate, RECEIPT_WINDOW, windows, clock::nanos, meters);
        FrameMeters frames = new FrameMeters(meters);
        RecentDeliveries recent = new RecentDeliveries(ResumeConfig.DEFAULT.recent(), clock, clock::nanos);
        DeliveryDispatcher dispatcher = new DeliveryDispatcher(
                "gw_test",
                registry,
                calls,
                new ReceiptRelay(registry, windows, RECEIPT_WINDOW, 10),
                new ReactionRelay(registry, windows, RECEIPT_WINDOW, 10, recent::dispatched),
                recent::dispatched,
                (sender, delivery) -> rates.delivered(sender, delivery, SHARDS));
        ResumeTokens tokens =
                new ResumeTokens(new Secret("a secret of this test"), Duration.ofHours(1), clock, List.of());
        LogScan scan = new LogScan(
                new DeliveryCodec(new TopicCatalogue(Sizing.EMBEDDED, ShippedSchemas.load()).deliveries()),
                () -> new MockConsumer<>("none"),
                ResumeConfig.DEFAULT.scans());
        Resumes resumes = new Resumes(tokens, recent, scan, ResumeConfig.DEFAULT, SHARDS, clock, meters);
        // A test moves the time further at once than a sweeper would believe.
        WatchedTicker watched = new WatchedTicker(clock::nanos, Duration.ofDays(1));
        sweeper = new ConnectionSweeper(registry, watched, cause -> {
            throw new AssertionError("the sweeper gave up", cause);
        });
        FrameReceiver receiver = new FrameReceiver(
                new FrameCodec(limits),
                commands,
                new FrameReceiver.Handlers(
                        new FrameCommands(gate, outcomes),
                        receipts,
                        new SyncHandler(
                                (user, body, bytesMax) -> sync.answer(user, body, bytesMax),
                                blocking,
                                new Budget(Bounds.of(200, 50).withUser(25)),
                                new RateLimiter<>(List.of(), 1, System::nanoTime)),
                        live,
                        new TokenRefreshes(verifier, config.liveness().tokenWarning(), blocking, clock, clock::nanos)),
                frames,
                clock,
                clock::nanos);
        DeviceSessions sessions = new DeviceSessions(devices, SHARDS);
        Admission admission = new Admission(
                verifier,
                origins,
                new ConnectionRates(rateConfig.clients(), clock::nanos, bound -> 0),
                new ClientPlaces(
                        new Budget(Bounds.of(connectionsMax, 50).withUser(USER_CONNECTIONS_MAX)),
                        shards,
                        SHARDS,
                        sessions),
                blocking);
        ConnectionOpener opener = new ConnectionOpener(
                config,
                new Connection.Shared(frames, budget, outboxes),
                registry,
                resumes,
                receiver,
                new WarningSender(devices, commands, gate, blocking),
                clock,
                clock::nanos);
        Polls waiting = new Polls(tokens, recent, scan, ResumeConfig.DEFAULT, SHARDS, clock);
        feed = ShardFeed.pipeline(sessions, recent, waiting.wakes(), dispatcher::dispatch);
        IntStream.range(0, SHARDS).forEach(shard -> feed.begun(shard, 0));
        polls = new PollEndpoint(
                admission,
                opener,
                waiting,
                Duration.ofSeconds(5),
                rateConfig.clients().pollsPerTenSeconds(),
                clock::nanos);
        front.mount(
                "/ws",
                new WebSocketEndpoint(
                        admission,
                        opener,
                        new IncomingFrames(receiver, limits.frameBytesMax(), unfinished),
                        config.outbox().closeTimeout(),
                        frames));
        front.mount("/events", new EventsEndpoint(admission, opener, config, clock::nanos));
        front.mount("/poll", polls);
        rest = RestApi.of(
                restConfig,
                limits,
                origins,
                new RestApi.Backing(
                        commands,
                        gate,
                        receiptGate,
                        new RestApi.Outcomes(calls, shards, SHARDS, outcomes),
                        new Secret("a secret of this test"),
                        people,
                        profiles::add,
                        new RestApi.DeviceBacking(devices, push)),
                verifier.rejecting(sessions::signedOutAt),
                front.budgets(),
                blocking,
                clock);
        front.mount(rest);
        front.start();
        sweeper.start();
        readiness.set(Readiness.START, true, "");
    }

    private VerifiedToken verify(String text) throws InvalidTokenException {
        String[] ofDevice = text.split("\\^", 2);
        boolean issuedNow = ofDevice[0].endsWith("#");
        String token = issuedNow ? ofDevice[0].substring(0, ofDevice[0].length() - 1) : ofDevice[0];
        VerifiedToken verified = verifyRest(token);
        return new VerifiedToken(
                verified.tenant(),
                verified.userId(),
                null,
                verified.expiresAt(),
                verified.unlimitedRate(),
                false,
                issuedNow ? clock.instant() : null,
                ofDevice.length == 2 ? ofDevice[1] : null);
    }

    private VerifiedToken verifyRest(String token) throws InvalidTokenException {
        if (token.startsWith("bad") || token.isBlank()) {
            throw new InvalidTokenException("bad token");
        }
        if (token.equals("unknowable")) {
            throw new TokenKeysUnavailableException("no keys");
        }
        boolean unlimited = token.endsWith("!");
        String[] parts = (unlimited ? token.substring(0, token.length() - 1) : token).split("~", 2);
        long seconds = parts.length == 2 ? Long.parseLong(parts[1]) : 3_600;
        String[] names = parts[0].split("/", 2);
        Instant expiresAt = clock.instant().plusSeconds(seconds);
        return names.length == 2
                ? new VerifiedToken(names[0], names[1], null, expiresAt, unlimited)
                : new VerifiedToken("default", names[0], null, expiresAt, unlimited);
    }

    /// As the shard reader's thread would.
    synchronized void deliver(Delivery delivery) {
        int shard = delivery.getRecipients().isEmpty()
                ? 0
                : shardOf(delivery.getTenant(), delivery.getRecipients().getFirst());
        feed.accept(Deliveries.written(shard, offsets[shard]++, Deliveries.TIME.toEpochMilli(), delivery));
    }

    static int shardOf(String tenant, String userId) {
        return new UserKey(tenant, userId).shard(SHARDS).shard();
    }

    URI ws(String query) {
        return URI.create("ws://127.0.0.1:" + front.port() + "/ws" + query);
    }

    Client connect(String token) throws Exception {
        Client client = Client.connect(this, "?token=" + token);
        client.next("connected");
        return client;
    }

    HttpResponse<String> get(String path) throws Exception {
        return http.send(HttpRequest.newBuilder(uri(path)).GET().build(), BodyHandlers.ofString());
    }

    HttpRequest.Builder post(String path, String token, String body) {
        return HttpRequest.newBuilder(uri(path))
                .header("Authorization", "Bearer " + token)
                .timeout(Duration.ofSeconds(10))
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + front.port() + path);
    }

    @Override
    public void close() {
        sweeper.close();
        front.stop(Duration.ofSeconds(1));
        blocking.shutdownNow();
        http.shutdownNow();
    }
}

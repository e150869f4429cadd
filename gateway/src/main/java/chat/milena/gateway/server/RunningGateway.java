package chat.milena.gateway.server;

import chat.milena.gateway.connection.FrameCommands;
import chat.milena.gateway.connection.TokenRefreshes;
import chat.milena.gateway.connection.Connection;
import chat.milena.gateway.connection.ConnectionRegistry;
import chat.milena.gateway.connection.ConnectionSweeper;
import chat.milena.gateway.connection.FrameMeters;
import chat.milena.gateway.connection.FrameReceiver;
import chat.milena.gateway.connection.OutboxBudget;
import chat.milena.gateway.connection.ReceiptSender;
import chat.milena.gateway.connection.SyncHandler;
import chat.milena.gateway.connection.WatchedTicker;
import chat.milena.gateway.connection.WindowThread;
import chat.milena.gateway.delivery.BulkConfig;
import chat.milena.gateway.delivery.DeliveryCodec;
import chat.milena.gateway.delivery.DeliveryDispatcher;
import chat.milena.gateway.delivery.DeliveryLanes;
import chat.milena.gateway.delivery.ReceiptRelay;
import chat.milena.gateway.delivery.ShardFeed;
import chat.milena.gateway.delivery.ShardReader;
import chat.milena.gateway.frame.FrameCodec;
import chat.milena.gateway.frame.ServerFrames;
import chat.milena.gateway.inbound.CommandFactory;
import chat.milena.gateway.inbound.CommandLog;
import chat.milena.gateway.inbound.GuardedLog;
import chat.milena.gateway.inbound.InboundLog;
import chat.milena.gateway.inbound.OutcomeMeters;
import chat.milena.gateway.inbound.CommandGate;
import chat.milena.gateway.inbound.InFlight;
import chat.milena.gateway.presence.LivePresence;
import chat.milena.gateway.rate.CommandRates;
import chat.milena.gateway.rate.ReceiptRates;
import chat.milena.gateway.rate.SharedRates;
import chat.milena.gateway.rest.RestApi;
import chat.milena.gateway.resume.LogScan;
import chat.milena.gateway.resume.Polls;
import chat.milena.gateway.resume.RecentDeliveries;
import chat.milena.gateway.resume.ResumeTokens;
import chat.milena.gateway.resume.Resumes;
import chat.milena.gateway.server.GatewayService.Environment;
import chat.milena.protocol.frame.CloseCode;
import chat.milena.runtime.budget.Budget;
import chat.milena.runtime.budget.Budget.Bounds;
import chat.milena.runtime.http.HttpApi;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.kafka.LogStart;
import chat.milena.runtime.kafka.LogStarts;
import chat.milena.runtime.kafka.TopicException;
import chat.milena.runtime.rate.Allowances;
import chat.milena.runtime.rate.Allowances.Rate;
import chat.milena.runtime.time.Ticker;
import chat.milena.runtime.token.TokenVerifier;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.topic.TopicCatalogue;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.undertow.server.HttpHandler;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One run of a gateway: what its parts are, and how they end. Used once.
///
/// ```
/// socket ─▶ FrameReceiver ─▶ InboundLog ─▶ chat.inbound.v1
/// socket ◀─ Outbox ◀─ DeliveryDispatcher ◀─ DeliveryLanes ◀─ ShardReader ◀─ chat.deliveries.v1
/// ```
final class RunningGateway {
    private static final Logger LOG = LoggerFactory.getLogger(RunningGateway.class);
    private static final Duration CHECK_EVERY = Duration.ofMillis(20);
    private static final int SYNCS_MAX = 200;
    private static final int USER_SYNCS_IN_TEN_SECONDS = 40;
    private static final int USERS_MAX = 100_000;
    private static final long UNFINISHED_BYTES_MAX = 64L * 1024 * 1024;
    /// Of what is bounded by user too, one user may hold this part.
    private static final int USERS_PART = 8;
    private static final int RECEIPTS_TOLD_MAX = 10_000;
    private static final Duration STARTS_WITHIN = Duration.ofSeconds(30);
    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    private final GatewayConfig config;
    private final InFlight calls;
    private final ConnectionRegistry registry;
    private final ConnectionSweeper sweeper;
    private final InboundLog log;
    private final WindowThread windows;
    private final ReceiptSender receipts;
    private final DeliveryLanes lanes;
    private final ShardReader shards;
    private final ExecutorService blocking;
    private final LivePresence presence;
    private final SharedRates shared;
    private final WebSocketEndpoint sockets;
    private final EventsEndpoint events;
    private final PollEndpoint polls;
    private final HttpApi rest;

    private RunningGateway(
            GatewayConfig config, Environment environment, KafkaEnds kafka, Consumer<Throwable> onFatal) {
        this.config = config;
        TopicCatalogue topics = environment.topics();
        Clock clock = environment.clock();
        Ticker ticker = Ticker.system();
        WatchedTicker watched = new WatchedTicker(ticker, ConnectionSweeper.GAP_MAX);
        MeterRegistry meters = environment.meters();
        TokenVerifier verifier = environment.verifier();
        int shardCount = topics.deliveries().partitions();

        // Made anew at each start: outcomes of an earlier run find nobody.
        CommandFactory commands = new CommandFactory("gw_" + UUID.randomUUID(), clock);
        calls = new InFlight();
        OutcomeMeters outcomes = new OutcomeMeters(meters);
        CommandRates rates = new CommandRates(config.rates(), ticker::nanos);
        shared = SharedRates.of(
                rates,
                config.presence().redis(),
                config.presence().timeout(),
                environment.readiness(),
                meters,
                ticker::nanos);
        blocking = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("gateway-", 0).factory());
        registry = new ConnectionRegistry(meters);
        sweeper = new ConnectionSweeper(registry, watched, onFatal);
        presence = LivePresence.of(
                config.presence(),
                new LivePresence.Environment(
                        registry,
                        environment.people(),
                        blocking,
                        config.tenantSharePercent(),
                        environment.readiness(),
                        meters,
                        ticker));
        log = new InboundLog(
                topics.inbound(),
                kafka.producer(),
                config.inbound().withTenantQueueMax(config.tenantInboundQueueMax()),
                meters,
                onFatal);
        CommandLog guarded = new GuardedLog(log, environment.room());
        windows = new WindowThread();
        CommandGate gate = new CommandGate(guarded, rates, watched);
        CommandGate receiptGate =
                new CommandGate(guarded, new ReceiptRates(config.rates(), ticker::nanos), watched);
        receipts = new ReceiptSender(
                commands, receiptGate, config.connection().receipts().window(), windows, watched, meters);
        FrameMeters frames = new FrameMeters(meters);
        ReceiptRelay relay = new ReceiptRelay(
                registry, windows, config.connection().receipts().window(), RECEIPTS_TOLD_MAX);
        RecentDeliveries recent = new RecentDeliveries(config.resume(), clock, ticker);
        lanes = new DeliveryLanes(
                new DeliveryDispatcher(
                        commands.gatewayId(),
                        registry,
                        calls,
                        relay,
                        recent::dispatched,
                        (sender, delivery) -> rates.delivered(sender, delivery, shardCount)),
                BulkConfig.DEFAULT,
                meters,
                onFatal);
        Duration kept = topics.deliveries().retention();
        ResumeTokens tokens =
                new ResumeTokens(environment.resumeSecret(), kept == null ? FOR_EVER : kept, clock, kafka.starts());
        LogScan scan = new LogScan(new DeliveryCodec(topics.deliveries()), kafka.scanning(), config.resume());
        Polls waiting = new Polls(tokens, recent, scan, config.resume(), shardCount, clock);
        shards = new ShardReader(
                topics.deliveries(),
                kafka.consumer(),
                config.shardLinger(),
                ShardFeed.pipeline(recent, waiting.wakes(), lanes, presence),
                clock,
                ticker,
                meters,
                onFatal);
        Resumes resumes = new Resumes(tokens, recent, scan, config.resume(), shardCount, clock, meters);
        Admission admission = new Admission(
                config.connection(),
                new Budget(Bounds.of(config.connectionsMax(), config.tenantSharePercent())
                        .withUser(config.userConnectionsMax())),
                config.limits().frameBytesMax(),
                new Budget(Bounds.of(UNFINISHED_BYTES_MAX, config.tenantSharePercent())
                        .withUser(UNFINISHED_BYTES_MAX / USERS_PART)),
                new ConnectionRates(
                        config.rates(),
                        ticker::nanos,
                        bound -> ThreadLocalRandom.current().nextInt(bound)),
                config.origins(),
                registry,
                new Connection.Shared(
                        frames,
                        commandsInFlight(meters),
                        new OutboxBudget(outboxBytes(meters))),
                shards,
                shardCount,
                resumes,
                new FrameReceiver(
                        new FrameCodec(config.limits()),
                        commands,
                        new FrameReceiver.Handlers(
                                new FrameCommands(gate, outcomes),
                                receipts,
                                new SyncHandler(
                                        environment.sync(),
                                        blocking,
                                        new Budget(Bounds.of(SYNCS_MAX, config.tenantSharePercent())
                                                .withUser(SYNCS_MAX / USERS_PART)),
                                        new Allowances<>(
                                                List.of(new Rate(
                                                        USER_SYNCS_IN_TEN_SECONDS,
                                                        Duration.ofSeconds(10),
                                                        "syncs of a user in 10 seconds")),
                                                USERS_MAX,
                                                System::nanoTime)),
                                presence,
                                new TokenRefreshes(
                                        verifier, config.connection().tokenWarning(), blocking, clock, watched)),
                        frames,
                        clock,
                        watched),
                verifier,
                blocking,
                clock,
                watched);
        sockets = new WebSocketEndpoint(admission);
        events = new EventsEndpoint(admission);
        polls = new PollEndpoint(
                admission,
                waiting,
                config.reconnectWithin(),
                config.rates().pollsPerTenSeconds(),
                ticker::nanos);
        rest = RestApi.of(
                config.rest(),
                config.limits(),
                config.origins(),
                new RestApi.Backing(
                        commands,
                        gate,
                        receiptGate,
                        calls,
                        shards,
                        shardCount,
                        outcomes,
                        environment.groupSecret(),
                        environment.people()),
                verifier,
                environment.front().budgets(),
                blocking,
                clock);
    }

    private Budget commandsInFlight(MeterRegistry meters) {
        Budget budget = new Budget(Bounds.of(config.commandsInFlightMax(), config.tenantSharePercent()));
        Gauge.builder("milena.gateway.commands.in.flight", budget, Budget::held)
                .description("Commands of connections that have no outcome yet")
                .register(meters);
        return budget;
    }

    private Budget outboxBytes(MeterRegistry meters) {
        Budget budget = new Budget(Bounds.of(config.outboxesBytesMax(), config.tenantSharePercent())
                .withUser(Math.max(1, config.outboxesBytesMax() / USERS_PART)));
        Gauge.builder("milena.gateway.outbox.bytes", budget, Budget::held)
                .description("Bytes of frames that wait for clients to read, of all connections")
                .register(meters);
        return budget;
    }

    /// The Kafka clients of a gateway.
    ///
    /// @param scanning makes those that read back what clients missed, each for a moment
    /// @param starts of the log that they reach
    record KafkaEnds(
            Producer<ConversationKey, InboundCommand> producer,
            org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer,
            Supplier<org.apache.kafka.clients.consumer.Consumer<byte[], byte[]>> scanning,
            List<LogStart> starts) {

        private static KafkaEnds open(KafkaClients kafka, TopicCatalogue topics, GatewayConfig config)
                throws TopicException {
            List<LogStart> starts = new LogStarts(kafka, STARTS_WITHIN).read();
            Producer<ConversationKey, InboundCommand> producer = InboundLog.producer(
                    topics.inbound(), kafka.producer(InboundLog.producerProperties(config.inbound())));
            try {
                return new KafkaEnds(
                        producer,
                        ShardReader.consumer(kafka.consumer(ShardReader.consumerProperties())),
                        () -> ShardReader.consumer(kafka.consumer(LogScan.consumerProperties())),
                        starts);
            } catch (RuntimeException e) {
                producer.close(Duration.ZERO);
                throw e;
            }
        }
    }

    /// Starts everything that works by itself; clients come once the handlers are mounted.
    ///
    /// @param onFatal told when the gateway can never work again
    static RunningGateway start(GatewayConfig config, Environment environment, Consumer<Throwable> onFatal)
            throws TopicException {
        KafkaEnds kafka = KafkaEnds.open(environment.kafka(), environment.topics(), config);
        return start(config, environment, kafka, onFatal);
    }

    /// As above, with Kafka clients that are given.
    static RunningGateway start(
            GatewayConfig config, Environment environment, KafkaEnds kafka, Consumer<Throwable> onFatal) {
        RunningGateway gateway = new RunningGateway(config, environment, kafka, onFatal);
        gateway.log.start();
        gateway.lanes.start();
        gateway.shards.start();
        gateway.sweeper.start();
        gateway.presence.start();
        gateway.shared.start();
        return gateway;
    }

    HttpHandler sockets() {
        return sockets;
    }

    HttpHandler events() {
        return events;
    }

    HttpHandler polls() {
        return polls;
    }

    HttpApi rest() {
        return rest;
    }

    /// Sends clients away, appends what was taken, lets go of Kafka; in that order.
    void stop(Duration within) throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        drain(Duration.ofNanos(Math.min(config.drainWithin().toNanos(), within.toNanos() / 2)));
        windows.close();
        registry.all().forEach(receipts::closing);
        log.close(left(deadline));
        // First: the reader may be waiting for it.
        lanes.close();
        shards.close(left(deadline));
        presence.close();
        shared.close();
        sweeper.close();
        blocking.shutdownNow();
    }

    /// Each client gets a time of its own to come back, so that they do not all come at once. Who was still being
    /// admitted is sent away as well.
    private void drain(Duration within) throws InterruptedException {
        polls.drain();
        Random jitter = new Random();
        long spreadMillis = config.reconnectWithin().toMillis();
        Set<String> told = new HashSet<>();
        long deadline = System.nanoTime() + within.toNanos();
        do {
            for (Connection connection : registry.all()) {
                if (told.add(connection.connectionId())) {
                    connection.send(ServerFrames.serverDraining(Duration.ofMillis(jitter.nextLong(spreadMillis + 1))));
                    connection.close(CloseCode.DRAINING);
                }
            }
            Thread.sleep(CHECK_EVERY);
        } while ((registry.size() > 0 || calls.size() > 0) && System.nanoTime() < deadline);
        if (registry.size() > 0 || calls.size() > 0) {
            LOG.info("{} clients and {} calls did not end in time", registry.size(), calls.size());
        }
    }

    private static Duration left(long deadlineNanos) {
        return Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
    }
}

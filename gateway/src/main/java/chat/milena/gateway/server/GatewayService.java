package chat.milena.gateway.server;

import chat.milena.gateway.connection.Connection;
import chat.milena.gateway.connection.ConnectionRegistry;
import chat.milena.gateway.connection.ConnectionSweeper;
import chat.milena.gateway.connection.FrameMeters;
import chat.milena.gateway.connection.FrameReceiver;
import chat.milena.gateway.delivery.DeliveryDispatcher;
import chat.milena.gateway.delivery.ShardReader;
import chat.milena.gateway.frame.CloseCode;
import chat.milena.gateway.frame.FrameCodec;
import chat.milena.gateway.frame.ServerFrames;
import chat.milena.gateway.inbound.CommandFactory;
import chat.milena.gateway.inbound.InboundLog;
import chat.milena.gateway.inbound.OutcomeMeters;
import chat.milena.gateway.inbound.PendingCalls;
import chat.milena.gateway.rest.RestApi;
import chat.milena.runtime.health.Readiness;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.token.TokenVerifier;
import chat.milena.schemas.topic.TopicCatalogue;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The command side of a process: mounts `/ws` and the REST writes on the [HttpFront], appends commands to the inbound
/// topic and delivers the deliveries topic to its sockets.
///
/// It starts after the topics exist and stops before the brokers do. A stop drains: clients are told to go and when to
/// come back, what was taken is appended, and only then are the Kafka clients closed.
public final class GatewayService implements Component {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayService.class);
    private static final String NAME = "gateway";
    private static final Duration CHECK_EVERY = Duration.ofMillis(20);

    private final GatewayConfig config;
    private final HttpFront front;
    private final Readiness readiness;
    private final ConnectionRegistry registry;
    private final ConnectionSweeper sweeper;
    private final InboundLog log;
    private final ShardReader shards;
    private final ExecutorService blocking;
    private final WebSocketEndpoint sockets;
    private final RestApi rest;

    /// What a gateway stands on.
    ///
    /// @param onFailure told when the gateway can never work again; it has made itself not ready
    public record Environment(
            HttpFront front,
            TopicCatalogue topics,
            KafkaClients kafka,
            TokenVerifier verifier,
            Clock clock,
            MeterRegistry meters,
            Readiness readiness,
            Consumer<Throwable> onFailure) {}

    public GatewayService(GatewayConfig config, Environment environment) {
        this.config = config;
        this.front = environment.front();
        this.readiness = environment.readiness();
        TopicCatalogue topics = environment.topics();
        KafkaClients kafka = environment.kafka();
        Clock clock = environment.clock();
        MeterRegistry meters = environment.meters();
        TokenVerifier verifier = environment.verifier();

        CommandFactory commands = new CommandFactory("gw_" + UUID.randomUUID(), clock);
        PendingCalls calls = new PendingCalls();
        OutcomeMeters outcomes = new OutcomeMeters(meters);
        blocking = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("gateway-", 0).factory());
        registry = new ConnectionRegistry(meters);
        sweeper = new ConnectionSweeper(registry, clock);
        log = new InboundLog(
                topics.inbound(),
                InboundLog.producer(topics.inbound(), kafka.producer(InboundLog.producerProperties(config.inbound()))),
                config.inbound(),
                meters,
                cause -> failed(cause, environment.onFailure()));
        DeliveryDispatcher dispatcher = new DeliveryDispatcher(commands.gatewayId(), registry, calls);
        shards = new ShardReader(
                topics.deliveries(),
                ShardReader.consumer(kafka.consumer(ShardReader.consumerProperties())),
                config.shardLinger(),
                dispatcher::dispatch,
                clock,
                meters,
                cause -> failed(cause, environment.onFailure()));
        int shardCount = topics.deliveries().partitions();
        sockets = new WebSocketEndpoint(
                new WebSocketEndpoint.Admission(
                        config.connection(),
                        config.limits().frameBytesMax(),
                        registry,
                        new Connection.Meters(new FrameMeters(meters), outcomes),
                        shards,
                        shardCount,
                        new FrameReceiver(new FrameCodec(config.limits()), commands, log, verifier, blocking, clock),
                        verifier,
                        blocking,
                        clock),
                config.connectionsMax());
        rest = new RestApi(
                config.rest(),
                config.limits(),
                new RestApi.Backing(commands, log, calls, shards, shardCount, outcomes),
                verifier,
                blocking,
                clock);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void start() {
        readiness.set(NAME, false, "starting");
        log.start();
        shards.start();
        sweeper.start();
        front.mount("/ws", sockets);
        front.mount("/api/v1", rest);
        readiness.set(NAME, true, "");
    }

    @Override
    public void stop(Duration within) throws InterruptedException {
        readiness.set(NAME, false, "draining");
        long deadline = System.nanoTime() + within.toNanos();
        drain(Duration.ofNanos(Math.min(config.drainWithin().toNanos(), within.toNanos() / 2)));
        front.unmount("/ws");
        front.unmount("/api/v1");
        log.close(left(deadline));
        shards.close(left(deadline));
        sweeper.close();
        blocking.shutdownNow();
    }

    /// Sends everyone away, each with a time of their own to come back, so that they do not all come at once.
    private void drain(Duration within) throws InterruptedException {
        Random jitter = new Random();
        long spreadMillis = config.reconnectWithin().toMillis();
        for (Connection connection : registry.all()) {
            connection.send(ServerFrames.serverDraining(Duration.ofMillis(jitter.nextLong(spreadMillis + 1))));
            connection.close(CloseCode.DRAINING);
        }
        long deadline = System.nanoTime() + within.toNanos();
        while (registry.size() > 0 && System.nanoTime() < deadline) {
            Thread.sleep(CHECK_EVERY);
        }
        if (registry.size() > 0) {
            LOG.info("{} clients did not close in time", registry.size());
        }
    }

    private void failed(Throwable cause, Consumer<Throwable> onFailure) {
        readiness.set(NAME, false, "failed: " + cause.getClass().getSimpleName());
        onFailure.accept(cause);
    }

    private static Duration left(long deadlineNanos) {
        return Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
    }
}

package chat.milena.gateway;

import chat.milena.gateway.GatewayService.Dependencies;
import chat.milena.gateway.GatewayService.Platform;
import chat.milena.gateway.command.InboundConfig;
import chat.milena.gateway.command.InboundLog;
import chat.milena.gateway.delivery.DeliveryTraces;
import chat.milena.gateway.delivery.ShardReader;
import chat.milena.gateway.device.DeviceSessions;
import chat.milena.gateway.live.LivePresence;
import chat.milena.gateway.resume.LogScan;
import chat.milena.gateway.session.Connection;
import chat.milena.gateway.session.ConnectionRegistry;
import chat.milena.gateway.session.ConnectionSweeper;
import chat.milena.protocol.frame.CloseCode;
import chat.milena.protocol.frame.ServerFrames;
import chat.milena.runtime.http.HttpApi;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.kafka.LogStart;
import chat.milena.runtime.kafka.LogStarts;
import chat.milena.runtime.kafka.TopicException;
import chat.milena.runtime.lifecycle.TraceHop;
import chat.milena.runtime.lifecycle.Traces;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.topic.TopicCatalogue;
import io.undertow.server.HttpHandler;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One run of a gateway: its parts, and how they start and end. Used once.
///
/// ```
/// Endpoints ─▶ CommandSide ─▶ chat.inbound.v1
///   ▲ ▲
///   │ └─ ResumeSide (missed deliveries)
///   └─── DeliverySide ◀── chat.deliveries.v1
/// ```
final class RunningGateway {
    private static final Logger LOG = LoggerFactory.getLogger(RunningGateway.class);
    private static final Duration CHECK_EVERY = Duration.ofMillis(20);
    private static final Duration STARTS_WITHIN = Duration.ofSeconds(30);

    private final GatewayRun run;
    private final ConnectionRegistry registry;
    private final ConnectionSweeper sweeper;
    private final LivePresence presence;
    private final CommandSide commands;
    private final DeliverySide deliveries;
    private final Endpoints endpoints;

    private RunningGateway(GatewayRun run, KafkaEnds kafka) {
        this.run = run;
        registry = run.registry();
        sweeper = new ConnectionSweeper(registry, run.connectionTicker(), run.onFatal());
        presence = presence(run);
        commands = new CommandSide(run, kafka.producer());
        ResumeSide resume = new ResumeSide(run, kafka);
        DeviceSessions devices = new DeviceSessions(run.dependencies().queries().devices(), run.shards());
        deliveries = new DeliverySide(run, commands, resume, presence, devices, kafka);
        endpoints = new Endpoints(run, commands, resume, presence, devices, deliveries.shards);
    }

    private static LivePresence presence(GatewayRun run) {
        Platform platform = run.dependencies().platform();
        return LivePresence.of(
                run.config().presence(),
                new LivePresence.Parts(
                        run.registry(),
                        run.dependencies().queries().people(),
                        run.blocking(),
                        run.config().bounds().tenantSharePercent(),
                        platform.readiness(),
                        platform.meters(),
                        run.ticker()));
    }

    /// The Kafka clients of a gateway.
    ///
    /// @param scanning makes consumers that read missed deliveries, each for a moment
    /// @param traces of the deliveries that the consumer reads; null without any
    /// @param starts of the log that they reach
    record KafkaEnds(
            Producer<LogKey, InboundCommand> producer,
            org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer,
            Supplier<org.apache.kafka.clients.consumer.Consumer<byte[], byte[]>> scanning,
            @Nullable DeliveryTraces traces,
            List<LogStart> starts) {

        private static KafkaEnds open(KafkaClients kafka, TopicCatalogue topics, InboundConfig config)
                throws TopicException {
            Traces following = kafka.traces();
            TraceHop hop = following == null ? null : following.hop("milena-gateway");
            DeliveryTraces traces = hop == null ? null : new DeliveryTraces(hop);
            Map<String, Object> properties = kafka.consumer(ShardReader.consumerProperties());
            org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer =
                    traces == null ? ShardReader.consumer(properties) : traces.consumer(properties);
            try {
                List<LogStart> starts = LogStarts.read(consumer, STARTS_WITHIN);
                return new KafkaEnds(
                        InboundLog.producer(
                                topics.inbound(), kafka.producer(InboundLog.producerProperties(config)), hop),
                        consumer,
                        () -> ShardReader.consumer(kafka.consumer(LogScan.consumerProperties())),
                        traces,
                        starts);
            } catch (RuntimeException | TopicException e) {
                consumer.close(CloseOptions.timeout(Duration.ZERO));
                throw e;
            }
        }
    }

    /// Starts everything that works by itself; clients come once the handlers are mounted.
    ///
    /// @param onFatal called when the gateway can never work again
    static RunningGateway start(GatewayConfig config, Dependencies dependencies, Consumer<Throwable> onFatal)
            throws TopicException {
        GatewayService.Log log = dependencies.log();
        KafkaEnds kafka =
                KafkaEnds.open(log.kafka(), log.topics(), config.writes().inbound());
        return start(config, dependencies, kafka, onFatal);
    }

    /// As above, with these Kafka clients.
    static RunningGateway start(
            GatewayConfig config, Dependencies dependencies, KafkaEnds kafka, Consumer<Throwable> onFatal) {
        RunningGateway gateway = new RunningGateway(GatewayRun.of(config, dependencies, onFatal), kafka);
        gateway.commands.start();
        gateway.deliveries.start();
        gateway.sweeper.start();
        gateway.presence.start();
        return gateway;
    }

    HttpHandler sockets() {
        return endpoints.sockets;
    }

    HttpHandler events() {
        return endpoints.events;
    }

    HttpHandler polls() {
        return endpoints.polls;
    }

    HttpApi rest() {
        return endpoints.rest;
    }

    /// Asks clients to reconnect, appends the accepted commands, and closes the Kafka clients, in that order.
    void stop(Duration within) throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        drain(Duration.ofNanos(Math.min(run.config().drain().within().toNanos(), within.toNanos() / 2)));
        run.windows().close();
        registry.all().forEach(commands.receipts::closing);
        commands.log.close(left(deadline));
        deliveries.close(left(deadline));
        presence.close();
        commands.closeShared();
        sweeper.close();
        run.blocking().shutdownNow();
    }

    /// Asks clients to reconnect, each after a time of its own, so that reconnects are spread. Clients that are
    /// still being admitted are included.
    private void drain(Duration within) throws InterruptedException {
        endpoints.polls.drain();
        deliveries.drain();
        Random jitter = new Random();
        long spreadMillis = run.config().drain().reconnectWithin().toMillis();
        Set<String> notified = new HashSet<>();
        long deadline = System.nanoTime() + within.toNanos();
        do {
            for (Connection connection : registry.all()) {
                if (notified.add(connection.connectionId())) {
                    connection.send(ServerFrames.serverDraining(Duration.ofMillis(jitter.nextLong(spreadMillis + 1))));
                    connection.close(CloseCode.DRAINING);
                }
            }
            Thread.sleep(CHECK_EVERY);
        } while ((registry.size() > 0 || commands.calls.size() > 0) && System.nanoTime() < deadline);
        if (registry.size() > 0 || commands.calls.size() > 0) {
            LOG.info("{} clients and {} calls did not end in time", registry.size(), commands.calls.size());
        }
    }

    private static Duration left(long deadlineNanos) {
        return Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
    }
}

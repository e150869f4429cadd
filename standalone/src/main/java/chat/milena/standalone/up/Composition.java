package chat.milena.standalone.up;

import chat.milena.gateway.server.GatewayConfig;
import chat.milena.gateway.server.GatewayService;
import chat.milena.runtime.http.HttpConfig;
import chat.milena.runtime.http.HttpFront;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.health.Readiness;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.lifecycle.Deferred;
import chat.milena.runtime.metrics.Metrics;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.standalone.broker.EmbeddedKafka;
import chat.milena.topology.fanout.FanoutTopology;
import chat.milena.topology.sequencer.SequencerConfig;
import chat.milena.topology.sequencer.SequencerTopology;
import chat.milena.topology.streams.StreamsConfiguration;
import chat.milena.topology.streams.StreamsService;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.streams.Topology;

/// What a run is made of, and how the parts fit together. Each component starts when those before it work.
final class Composition {
    private static final String SEQUENCER = "sequencer";
    private static final String FANOUT = "fanout";
    private static final String GATEWAY = "gateway";

    /// For calls, health and metrics, when all the sockets that may be are there.
    private static final int CONNECTIONS_BESIDE_SOCKETS = 5_000;

    private final EmbeddedKafka kafka;
    private final KafkaClients clients;
    private final Tokens tokens;
    private final Clock clock;
    private final Runnable onFailure;
    private final GatewayConfig gateway;
    private final HttpConfig http;
    private final StreamsConfiguration streams;
    private final SequencerConfig sequencing;
    private final ShippedSchemas schemas = ShippedSchemas.load();
    private final Sizing sizing;
    private final TopicCatalogue topics;
    private final Readiness readiness = new Readiness();
    private final Metrics metrics = new Metrics();

    /// Reads what is left to read of the environment; what is wrong with it is noted there.
    ///
    /// @param onFailure told when a component has given up
    Composition(
            UpOptions options,
            Settings environment,
            Path streamsFolder,
            EmbeddedKafka kafka,
            Tokens tokens,
            Clock clock,
            Runnable onFailure) {
        this.kafka = kafka;
        this.clients = KafkaClients.of(environment, kafka.bootstrapServers());
        this.tokens = tokens;
        this.clock = clock;
        this.onFailure = onFailure;
        this.gateway = GatewayConfig.of(environment);
        this.http = http(options, environment, gateway.connectionsMax());
        this.streams = StreamsConfiguration.of(environment, streamsFolder);
        this.sizing = Sizing.EMBEDDED.withMessageRetention(environment.duration(
                "MILENA_RETENTION", Sizing.EMBEDDED.messageRetention(), Duration.ofHours(1), Duration.ofDays(3_650)));
        this.topics = new TopicCatalogue(sizing, schemas);
        this.sequencing = SequencerConfig.of(environment, sizing.messageRetention());
    }

    private static HttpConfig http(UpOptions options, Settings environment, int socketsMax) {
        HttpConfig usual = HttpConfig.of(options.bind().getHostAddress(), options.port());
        int usualConnections = socketsMax + CONNECTIONS_BESIDE_SOCKETS;
        int connections = environment.integer("MILENA_HTTP_CONNECTIONS_MAX", usualConnections, 1, 2_000_000);
        if (connections <= socketsMax) {
            environment.refuse("MILENA_HTTP_CONNECTIONS_MAX must be over MILENA_CONNECTIONS_MAX");
        }
        Duration exchange = environment.duration(
                "MILENA_HTTP_EXCHANGE_WITHIN", usual.exchangeWithin(), Duration.ofSeconds(20), Duration.ofMinutes(10));
        return usual.withBounds(connections, exchange);
    }

    Readiness readiness() {
        return readiness;
    }

    List<Component> components(Announcement announcement) {
        HttpFront front = new HttpFront(http, readiness, gateway.origins(), metrics::scrape);
        return List.of(
                // First, so that a port in use stops everything before anything is touched.
                front,
                announcement.of(() -> front.port(), kafka.bootstrapServers()),
                tokens.keys(),
                kafka,
                new TopicsReady(topics, clients),
                new RetentionReady(streams.stateFolder(), "milena-" + SEQUENCER, sizing.messageRetention(), clients),
                streams(SEQUENCER, () -> SequencerTopology.build(topics, schemas, sequencing, this::countDeadLetter)),
                streams(
                        FANOUT,
                        () -> FanoutTopology.build(
                                topics, schemas, sequencing.cachedMembersMax(), this::countDeadLetter)),
                new Deferred<>(GATEWAY, () -> gateway(front)));
    }

    private void countDeadLetter(String topic) {
        metrics.registry().counter("milena.dead.letters", "topic", topic).increment();
    }

    private Component streams(String name, Supplier<Topology> topology) {
        readiness.set(name, false, "starting");
        return new Deferred<>(name, () -> {
            int replicationFactor = topics.inbound().replicationFactor();
            StreamsService service = new StreamsService(
                    name, topology.get(), streams, replicationFactor, clients, readiness, clock, onFailure);
            new KafkaStreamsMetrics(service.streams()).bindTo(metrics.registry());
            return service;
        });
    }

    private GatewayService gateway(HttpFront front) {
        return new GatewayService(
                gateway,
                new GatewayService.Environment(
                        front,
                        topics,
                        clients,
                        tokens.verifier(),
                        clock,
                        metrics.registry(),
                        readiness,
                        cause -> onFailure.run()));
    }
}

package chat.milena.gateway.server;

import chat.milena.runtime.http.HttpConfig;
import chat.milena.runtime.http.HttpFront;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.runtime.config.Settings;
import chat.milena.runtime.health.Readiness;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.wire.ShippedSchemas;
import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A whole gateway between a real listener and Kafka clients that only pretend.
@Timeout(60)
class DrainIT {
    private static final Duration WITHIN = Duration.ofSeconds(10);

    private final TopicCatalogue topics = new TopicCatalogue(Sizing.EMBEDDED, ShippedSchemas.load());
    private final MockProducer<ConversationKey, InboundCommand> producer = new MockProducer<>(
            true,
            null,
            topics.inbound().keys().serializer(),
            topics.inbound().values().serializer());
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final Readiness readiness = new Readiness();
    private final HttpFront front = new HttpFront(HttpConfig.of("127.0.0.1", 0), readiness, () -> "");
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private RunningGateway gateway;

    @BeforeEach
    void start() throws Exception {
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (int shard = 0; shard < topics.deliveries().partitions(); shard++) {
            ends.put(new TopicPartition(topics.deliveries().name(), shard), 0L);
        }
        consumer.updateBeginningOffsets(ends);
        consumer.updateEndOffsets(ends);
        GatewayService.Environment environment = new GatewayService.Environment(
                front,
                topics,
                KafkaClients.of("127.0.0.1:1"),
                jwt -> new VerifiedToken(
                        "default", jwt, null, Clock.systemUTC().instant().plusSeconds(60)),
                Clock.systemUTC(),
                new SimpleMeterRegistry(),
                readiness,
                failures::add);
        // So long that only the drain ends it.
        GatewayConfig config = GatewayConfig.of(Settings.ofEnvironment(Map.of("MILENA_RECEIPT_WINDOW", "5s")));
        gateway = RunningGateway.start(
                config, environment, new RunningGateway.KafkaEnds(producer, consumer), failures::add);
        front.start();
        front.mount("/ws", gateway.sockets());
        readiness.set("gateway", true, "");
    }

    @AfterEach
    void stop() {
        front.stop(WITHIN);
        http.shutdownNow();
    }

    private Client connect(String user) throws Exception {
        Client client = Client.connect(http, URI.create("ws://127.0.0.1:" + front.port() + "/ws?token=" + user));
        client.next("connected");
        return client;
    }

    @Test
    void clientsAreSentAwayAndWhatWasTakenIsAppended() throws Exception {
        Client alice = connect("alice");
        Client bob = connect("bob");
        alice.sendMessage("r1", "m1", "c1", "hi");
        await().until(() -> producer.history().size() == 1);

        long begin = System.nanoTime();
        gateway.stop(WITHIN);

        for (Client client : List.of(alice, bob)) {
            JsonNode draining = client.next("server.draining");
            assertThat(draining.at("/payload/reconnectAfterMs").asInt()).isBetween(0, 5_000);
            assertThat(client.closed()).isEqualTo(1012);
        }
        assertThat(producer.closed()).isTrue();
        assertThat(consumer.closed()).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void receiptsThatWaitAreAppendedBeforeTheEnd() throws Exception {
        Client alice = connect("alice");
        for (int i = 1; i <= 9; i++) {
            alice.send("{\"type\":\"message.read\",\"payload\":{\"conversationId\":\"c" + i % 3 + "\",\"upToSequence\":"
                    + i + "}}");
        }
        alice.send("{\"type\":\"heartbeat\"}");
        alice.next("heartbeat");
        assertThat(producer.history()).isEmpty();

        gateway.stop(WITHIN);

        assertThat(producer.history())
                .extracting(record -> record.value().getReceipt().getUpToSequence())
                .containsExactlyInAnyOrder(7L, 8L, 9L);
    }

    @Test
    void deliveriesThatCanNeverBeReadAreReported() throws Exception {
        connect("alice");
        TopicAuthorizationException never = new TopicAuthorizationException("no");

        consumer.schedulePollTask(() -> consumer.setPollException(never));

        await().until(() -> failures.contains(never));
        gateway.stop(WITHIN);
    }
}

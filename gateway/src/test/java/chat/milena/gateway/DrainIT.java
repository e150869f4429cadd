package chat.milena.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.gateway.GatewayService.Dependencies;
import chat.milena.gateway.GatewayService.Keys;
import chat.milena.gateway.GatewayService.Queries;
import chat.milena.gateway.device.DeviceQuery;
import chat.milena.gateway.device.PushSetup;
import chat.milena.gateway.edge.Client;
import chat.milena.gateway.live.PeopleQuery;
import chat.milena.gateway.live.SyncQuery;
import chat.milena.runtime.config.Secret;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.http.AllowedOrigins;
import chat.milena.runtime.http.HttpConfig;
import chat.milena.runtime.http.HttpFront;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.lifecycle.Readiness;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A whole gateway between a real listener and Kafka clients that only pretend.
@Timeout(60)
class DrainIT {
    private static final Duration WITHIN = Duration.ofSeconds(10);

    private final TopicCatalogue topics = new TopicCatalogue(Sizing.EMBEDDED, ShippedSchemas.load());
    private final HeldProducer producer = new HeldProducer(topics.inbound());
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final Readiness readiness = new Readiness();
    private final HttpFront front =
            new HttpFront(HttpConfig.of("127.0.0.1", 0), readiness, AllowedOrigins.ANY, new SimpleMeterRegistry());
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
        Dependencies dependencies = new Dependencies(
                new GatewayService.Platform(front, readiness, meters, Clock.systemUTC(), failures::add),
                new GatewayService.Log(topics, KafkaClients.of("127.0.0.1:1", Map.of()), () -> true),
                new Queries(SyncQuery.NONE, PeopleQuery.NONE, DeviceQuery.NONE),
                new Keys(
                        jwt -> new VerifiedToken(
                                "default",
                                jwt,
                                null,
                                Clock.systemUTC().instant().plusSeconds(60)),
                        new Secret("a secret of this test"),
                        new Secret("another secret of this test"),
                        PushSetup.NONE));
        // So long that only the drain ends it.
        GatewayConfig config = GatewayConfig.of(Settings.ofEnvironment(Map.of("MILENA_RECEIPT_WINDOW", "5s")));
        gateway = RunningGateway.start(
                config,
                dependencies,
                new RunningGateway.KafkaEnds(producer, consumer, () -> new MockConsumer<>("none"), null, List.of()),
                failures::add);
        front.start();
        front.mount("/ws", gateway.sockets());
        readiness.set(Readiness.START, true, "");
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
        producer.hold();
        alice.sendMessage("r1", "m1", "c1", "hi");
        alice.sendMessage("r2", "m2", "c1", "hi");
        await().until(() ->
                meters.get("milena.gateway.commands.in.flight").gauge().value() == 2);

        FutureTask<Void> stopping = new FutureTask<>(() -> {
            gateway.stop(WITHIN);
            return null;
        });
        Thread.ofPlatform().start(stopping);
        for (Client client : List.of(alice, bob)) {
            JsonNode draining = client.next("server.draining");
            assertThat(draining.at("/payload/reconnectAfterMs").asInt()).isBetween(0, 5_000);
            assertThat(client.closed()).isEqualTo(1012);
        }
        assertThat(producer.history()).isEmpty();
        producer.release();
        stopping.get(30, TimeUnit.SECONDS);

        assertThat(producer.appendedBeforeClose).isEqualTo(2);
        assertThat(consumer.closed()).isTrue();
    }

    /// A producer that can be held up, and that remembers what had been appended when it was closed.
    @SuppressWarnings(
            "UnsynchronizedOverridesSynchronized") // held up with its lock, it could not be asked for anything
    private static final class HeldProducer extends MockProducer<LogKey, InboundCommand> {
        private volatile CountDownLatch held = new CountDownLatch(0);
        private volatile int appendedBeforeClose = -1;

        private HeldProducer(TopicSpec<ConversationKey, InboundCommand> topic) {
            super(true, null, (name, key) -> key.toBytes(), topic.values().serializer());
        }

        private void hold() {
            held = new CountDownLatch(1);
        }

        private void release() {
            held.countDown();
        }

        @Override
        public Future<RecordMetadata> send(ProducerRecord<LogKey, InboundCommand> record, @Nullable Callback callback) {
            try {
                held.await();
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
            return super.send(record, callback);
        }

        @Override
        public void close(Duration timeout) {
            appendedBeforeClose = history().size();
            super.close(timeout);
        }
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

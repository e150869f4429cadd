package chat.milena.standalone.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.protocol.json.Json;
import chat.milena.push.classify.Classification;
import chat.milena.push.classify.ClassifierReader;
import chat.milena.runtime.config.OutsideEndpoints;
import chat.milena.runtime.config.Secret;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.kafka.Topics;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.lifecycle.HostProcess;
import chat.milena.runtime.lifecycle.Readiness;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.FlagMessage;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.ModerationClassifier;
import chat.milena.schemas.avro.ModerationRuleset;
import chat.milena.schemas.avro.Tenant;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.EventKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.TenantKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.standalone.broker.BrokerLogin;
import chat.milena.standalone.broker.EmbeddedKafka;
import chat.milena.streams.run.InstalledLog;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Classifiers behind a real broker, each tenant with a path of its own at one peer, which counts.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class ClassifierReaderIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int KILLS = 15;
    private static final int MESSAGES = 1_200;

    private final ShippedSchemas schemas = ShippedSchemas.load();
    private final TopicCatalogue topics = new TopicCatalogue(new Sizing(4, 2, 2, 1, 1, Duration.ofDays(30)), schemas);
    private final Clock clock = Clock.systemUTC();
    private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<FlagMessage> flags = new ArrayList<>();
    private EmbeddedKafka kafka;
    private KafkaClients clients;
    private KafkaProducer<byte[], byte[]> producer;
    private KafkaConsumer<byte[], byte[]> commands;
    private HttpServer peer;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        kafka = new EmbeddedKafka(
                folder.resolve("kafka"),
                new BrokerLogin(new Secret("a-password-of-the-tests-that-is-long-enough")),
                OptionalInt.empty());
        clients = KafkaClients.of(kafka.bootstrapServers(), kafka.clientProperties());
        kafka.start();
        try (Admin admin = Admin.create(clients.admin())) {
            Topics.provision(topics.all(), admin, PATIENCE);
        }
        producer = new KafkaProducer<>(
                clients.producer(Map.of(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1)),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        commands = new KafkaConsumer<>(
                clients.consumer(Map.of(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        commands.assign(IntStream.range(0, topics.inbound().partitions())
                .mapToObj(partition -> new TopicPartition(topics.inbound().name(), partition))
                .toList());
        commands.seekToBeginning(commands.assignment());
        peer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        peer.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        peer.createContext("/", exchange -> {
            JsonNode data = Json.parse(exchange.getRequestBody().readAllBytes())
                    .orElseThrow()
                    .get("data");
            asked.computeIfAbsent(data.get("messageId").textValue(), id -> new AtomicInteger())
                    .incrementAndGet();
            if (exchange.getRequestURI().getPath().equals("/never")) {
                // Until the client goes.
                return;
            }
            if (exchange.getRequestURI().getPath().equals("/slow")) {
                LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
            }
            byte[] answer = "{\"action\":\"flag\",\"label\":\"spam\"}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            try (var out = exchange.getResponseBody()) {
                out.write(answer);
            }
        });
        peer.start();
    }

    @AfterAll
    void stop() throws Exception {
        peer.stop(0);
        commands.close();
        producer.close();
        kafka.stop(PATIENCE);
    }

    private String origin() {
        return "http://127.0.0.1:" + peer.getAddress().getPort();
    }

    private final class Running implements AutoCloseable {
        private final List<Component> components = Classification.components(
                new InstalledLog(topics, clients, schemas),
                OutsideEndpoints.parse(origin()),
                "1",
                new HostProcess(new Readiness(), meters, clock, () -> {}));

        private Running() throws Exception {
            for (Component component : components) {
                component.start();
            }
        }

        private void kill() throws Exception {
            ((ClassifierReader) components.getLast()).kill();
            // The sockets of a process end with it.
            components.getFirst().stop(Duration.ofSeconds(10));
        }

        @Override
        public void close() {
            for (Component component : components.reversed()) {
                try {
                    component.stop(Duration.ofSeconds(10));
                } catch (Exception e) {
                    throw new AssertionError(component.name(), e);
                }
            }
        }
    }

    private void classifier(String tenant, String path, String onFailure, Duration deadline) {
        ModerationClassifier classifier = new ModerationClassifier(origin() + path, deadline.toMillis(), onFailure, "");
        ModerationRuleset rules =
                new ModerationRuleset(3L, clock.instant().minusSeconds(3_000), List.of(), List.of(), null, classifier);
        write(topics.tenants(), new TenantKey(tenant), new Tenant(tenant, rules, null));
        producer.flush();
    }

    private List<String> messages(String tenant, String prefix, int count) {
        return messages(tenant, prefix, count, clock.instant());
    }

    private List<String> messages(String tenant, String prefix, int count, Instant at) {
        List<String> ids = IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
        for (int i = 0; i < count; i++) {
            ConversationKey conversation = new ConversationKey(tenant, prefix + "c" + i % 40);
            TimelineEvent event = new TimelineEvent();
            event.setTenant(tenant);
            event.setConversationId(conversation.conversationId());
            event.setSequenceNumber(i + 1);
            event.setMessageOrdinal(i + 1);
            event.setTimestamp(at);
            event.setKind("message");
            event.setActorId("bob");
            event.setActorKind("member");
            event.setParticipants(List.of());
            event.setMessage(new Message(ids.get(i), new Content("text", "hello", null, null, null), null, null, null));
            write(topics.messages(), new EventKey(conversation, i + 1), event, at);
        }
        producer.flush();
        return ids;
    }

    private <K extends LogKey, V extends SpecificRecord> void write(TopicSpec<K, V> topic, K key, V value) {
        write(topic, key, value, clock.instant());
    }

    private <K extends LogKey, V extends SpecificRecord> void write(TopicSpec<K, V> topic, K key, V value, Instant at) {
        var _ = producer.send(new ProducerRecord<>(
                topic.name(),
                topic.partitionOf(key),
                at.toEpochMilli(),
                key.toBytes(),
                topic.values().serializer().serialize(topic.name(), value)));
    }

    /// How often each message with this prefix was flagged, by what was committed.
    private Map<String, Integer> flagged(String prefix) {
        TopicSpec<?, InboundCommand> inbound = topics.inbound();
        Map<TopicPartition, Long> ends = commands.endOffsets(commands.assignment());
        while (ends.entrySet().stream().anyMatch(end -> commands.position(end.getKey()) < end.getValue())) {
            commands.poll(Duration.ofMillis(100))
                    .forEach(record -> flags.add(inbound.values()
                            .deserializer()
                            .deserialize(inbound.name(), record.value())
                            .getFlag()));
        }
        Map<String, Integer> counts = new HashMap<>();
        flags.stream()
                .map(FlagMessage::getMessageId)
                .filter(id -> id.startsWith(prefix))
                .forEach(id -> counts.merge(id, 1, Integer::sum));
        return counts;
    }

    /// What the reader counts.
    private String said() {
        return meters.getMeters().stream()
                .filter(meter -> meter.getId().getName().matches("milena.(classifier|courier.verdicts).*"))
                .map(meter -> meter.getId().getName() + meter.getId().getTags() + meter.measure())
                .collect(Collectors.joining("\n"));
    }

    private int times(String messageId) {
        AtomicInteger times = asked.get(messageId);
        return times == null ? 0 : times.get();
    }

    private int total() {
        return asked.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    @Test
    void killedReaderAsksAgainOnlyWhatHadNoRecordedAnswerAndEachAnswerActsOnce() throws Exception {
        classifier("kill", "/flags", "pass", Duration.ofSeconds(5));
        Random random = new Random(20_261_130);
        List<String> ids = messages("kill", "kill-", MESSAGES);
        Map<String, Integer> allowed = new HashMap<>();
        for (int kill = 0; kill < KILLS; kill++) {
            Running running = new Running();
            int enough = Math.min(MESSAGES, total() + 10 + random.nextInt(120));
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(2))
                    .untilAsserted(() -> assertThat(total()).as(this::said).isGreaterThanOrEqualTo(enough));
            running.kill();
            Set<String> open = new HashSet<>(asked.keySet());
            open.removeAll(flagged("kill-").keySet());
            open.forEach(id -> allowed.merge(id, 1, Integer::sum));
        }
        try (Running _ = new Running()) {
            await().atMost(PATIENCE).until(() -> flagged("kill-").size() == MESSAGES);
        }

        Map<String, Integer> flagged = flagged("kill-");
        int repeated = 0;
        for (String id : ids) {
            assertThat(flagged.get(id)).as(id).isEqualTo(1);
            assertThat(times(id)).as(id).isBetween(1, 1 + allowed.getOrDefault(id, 0));
            repeated += times(id) - 1;
        }
        System.err.printf("%d messages, %d kills: %d were asked about again%n", MESSAGES, KILLS, repeated);
        assertThat(flags)
                .filteredOn(flag -> flag.getMessageId().startsWith("kill-"))
                .allSatisfy(flag -> {
                    assertThat(flag.getRule()).isEqualTo("classifier");
                    assertThat(flag.getVersion()).isEqualTo(3);
                    assertThat(flag.getLabel()).isEqualTo("spam");
                    assertThat(flag.getCopy().getContent().getText()).isEqualTo("hello");
                });
    }

    /// Four times of what may wait, from half an hour ago.
    @Test
    void whatCameDuringAStopIsAskedAboutCompletely() throws Exception {
        classifier("back", "/slow", "pass", Duration.ofSeconds(10));
        messages("back", "back-", 8_000, clock.instant().minusSeconds(1_800));

        try (Running _ = new Running()) {
            await().atMost(PATIENCE).until(() -> flagged("back-").size() == 8_000);
        }
    }

    @Test
    void tenantWhoseClassifierNeverAnswersHoldsUpNoOtherAndItsOwnMessagesAreFlagged() throws Exception {
        classifier("stuck", "/never", "flag", Duration.ofSeconds(1));
        classifier("quick", "/flags", "pass", Duration.ofSeconds(5));
        try (Running _ = new Running()) {
            messages("stuck", "stuck-", 600);
            messages("quick", "quick-", 300);

            await().atMost(Duration.ofSeconds(20)).until(() -> flagged("quick-").size() == 300);
            await().atMost(PATIENCE).until(() -> flagged("stuck-").size() == 600);
        }
        assertThat(flags)
                .filteredOn(flag -> flag.getMessageId().startsWith("stuck-"))
                .allSatisfy(flag -> assertThat(flag.getLabel()).isEqualTo("unanswered"));
        assertThat(meters.find("milena.classifier.failures").counters())
                .isNotEmpty()
                .extracting(counter -> counter.getId().getTag("cause"))
                .contains("timeout");
    }

    @Test
    void classifierOfNowIsNotAskedAboutEarlierMessagesNorByOthers() throws Exception {
        messages("late", "early-", 3);
        messages("none", "none-", 3);
        classifier("late", "/flags", "pass", Duration.ofSeconds(5));
        ModerationRuleset later = new ModerationRuleset(
                4L,
                Instant.now(clock).plusSeconds(3_600),
                List.of(),
                List.of(),
                null,
                new ModerationClassifier(origin() + "/flags", 1_000L, "pass", ""));
        write(topics.tenants(), new TenantKey("late"), new Tenant("late", later, null));
        classifier("quick", "/flags", "pass", Duration.ofSeconds(5));
        try (Running _ = new Running()) {
            messages("quick", "mark-", 1);
            await().atMost(PATIENCE).until(() -> flagged("mark-").size() == 1);
        }

        assertThat(asked.keySet()).noneMatch(id -> id.startsWith("early-") || id.startsWith("none-"));
    }
}

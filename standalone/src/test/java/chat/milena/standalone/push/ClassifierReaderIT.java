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
import chat.milena.topology.moderation.RuleOperations;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
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
    private static final String GROUP = "milena-moderation-classifier";
    private static final int KILLS = 15;
    private static final int MESSAGES = 1_200;

    private final ShippedSchemas schemas = ShippedSchemas.load();
    private final TopicCatalogue topics = new TopicCatalogue(new Sizing(4, 2, 2, 1, 1, Duration.ofDays(30)), schemas);
    private final Clock clock = Clock.systemUTC();
    private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
    /// The latest text that was asked about, by the id of the message.
    private final Map<String, String> texts = new ConcurrentHashMap<>();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<FlagMessage> flags = new ArrayList<>();
    private EmbeddedKafka kafka;
    private KafkaClients clients;
    private KafkaProducer<byte[], byte[]> producer;
    private KafkaConsumer<byte[], byte[]> commands;
    private HttpServer peer;
    /// What is asked at `/gate` is answered once this is open.
    private volatile CountDownLatch gate = new CountDownLatch(0);

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

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
            texts.put(
                    data.get("messageId").textValue(), data.at("/content/text").textValue());
            if (exchange.getRequestURI().getPath().equals("/never")) {
                // Until the client goes.
                return;
            }
            if (exchange.getRequestURI().getPath().equals("/gate")) {
                awaitUninterruptibly(gate);
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
        private final List<Component> components;

        private Running() throws Exception {
            this("1", clock);
        }

        private Running(String instanceId, Clock of) throws Exception {
            components = Classification.components(
                    new InstalledLog(topics, clients, schemas),
                    OutsideEndpoints.parse(origin()),
                    instanceId,
                    new HostProcess(new Readiness(), meters, of, () -> {}));
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
            write(conversation, i + 1, ids.get(i), "hello", at);
        }
        producer.flush();
        return ids;
    }

    /// @param text null if the message is deleted
    private void write(ConversationKey conversation, long number, String messageId, @Nullable String text, Instant at) {
        TimelineEvent event = new TimelineEvent();
        event.setTenant(conversation.tenant());
        event.setConversationId(conversation.conversationId());
        event.setSequenceNumber(number);
        event.setMessageOrdinal(number);
        event.setTimestamp(at);
        event.setKind("message");
        event.setActorId("bob");
        event.setActorKind("member");
        event.setParticipants(List.of());
        if (text == null) {
            event.setDeletedAt(at);
        } else {
            event.setMessage(new Message(messageId, new Content("text", text, null, null, null), null, null, null));
        }
        write(topics.messages(), new EventKey(conversation, number), event, at);
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

    private double failures() {
        return meters.find("milena.classifier.failures").counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private void awaitReaders(Admin admin, int count) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            ConsumerGroupDescription group = admin.describeConsumerGroups(List.of(GROUP))
                    .describedGroups()
                    .get(GROUP)
                    .get();
            assertThat(group.groupState()).isEqualTo(GroupState.STABLE);
            assertThat(group.members())
                    .hasSize(count)
                    .allSatisfy(member ->
                            assertThat(member.assignment().topicPartitions()).isNotEmpty());
        });
    }

    @Test
    void readersThatComeAndGoWaitForNoAnswerAndEachAnswerActsOnce() throws Exception {
        classifier("gated", "/gate", "flag", Duration.ofSeconds(10));
        classifier("two", "/flags", "pass", Duration.ofSeconds(5));
        gate = new CountDownLatch(1);
        try (Admin admin = Admin.create(clients.admin());
                Running _ = new Running("1", clock)) {
            awaitReaders(admin, 1);
            messages("gated", "gated-", 60);
            await().atMost(PATIENCE)
                    .until(() -> asked.keySet().stream()
                                    .filter(id -> id.startsWith("gated-"))
                                    .count()
                            >= 20);
            double failed = failures();
            try (Running _ = new Running("2", clock)) {
                awaitReaders(admin, 2);
                messages("two", "two-", 400);
                await().atMost(PATIENCE).until(() -> flagged("two-").size() == 400);

                assertThat(failures()).as("no question had to end first").isEqualTo(failed);
                gate.countDown();
                await().atMost(PATIENCE).until(() -> flagged("gated-").size() == 60);
                messages("two", "more-", 400);
            }
            await().atMost(PATIENCE).until(() -> flagged("more-").size() == 400);
        } finally {
            gate.countDown();
        }

        for (String prefix : List.of("gated-", "two-", "more-")) {
            assertThat(flagged(prefix).values()).as(prefix).containsOnly(1);
        }
    }

    /// Holds up the thread that reads, while its heartbeats continue.
    private static final class HoldingClock extends Clock {
        private final Clock clock = Clock.systemUTC();
        private volatile CountDownLatch hold = new CountDownLatch(0);
        private final CountDownLatch held = new CountDownLatch(1);

        @Override
        public Instant instant() {
            if (hold.getCount() > 0 && Thread.currentThread().getName().equals("classifier")) {
                held.countDown();
                awaitUninterruptibly(hold);
            }
            return clock.instant();
        }

        @Override
        public ZoneId getZone() {
            return clock.getZone();
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return clock.withZone(zone);
        }
    }

    @Test
    void readerThatResumesAfterItsPartitionsWereTakenOverRecordsNothing() throws Exception {
        classifier("zombie", "/gate", "pass", Duration.ofSeconds(10));
        gate = new CountDownLatch(1);
        HoldingClock stopped = new HoldingClock();
        try (Admin admin = Admin.create(clients.admin());
                Running _ = new Running("1", stopped)) {
            awaitReaders(admin, 1);
            messages("zombie", "zombie-", 20);
            await().atMost(PATIENCE)
                    .until(() -> asked.keySet().stream()
                                    .filter(id -> id.startsWith("zombie-"))
                                    .count()
                            == 20);
            stopped.hold = new CountDownLatch(1);
            messages("zombie", "zombie-last-", 1);
            assertThat(stopped.held.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            gate.countDown();
            admin.removeMembersFromConsumerGroup(
                            GROUP, new RemoveMembersFromConsumerGroupOptions(List.of(new MemberToRemove("1"))))
                    .all()
                    .get();
            try (Running _ = new Running("2", clock)) {
                await().atMost(PATIENCE).until(() -> flagged("zombie-").size() == 21);

                stopped.hold.countDown();
                awaitReaders(admin, 2);
                messages("zombie", "resumed-", 100);
                await().atMost(PATIENCE).until(() -> flagged("resumed-").size() == 100);
            }
        } finally {
            gate.countDown();
            stopped.hold.countDown();
        }

        assertThat(flagged("zombie-").values()).containsOnly(1);
        assertThat(flagged("resumed-").values()).containsOnly(1);
    }

    @Test
    void whatItsAuthorHasEditedOrDeletedIsNotSentOutside() throws Exception {
        classifier("erase", "/gate", "pass", Duration.ofSeconds(10));
        classifier("quick", "/flags", "pass", Duration.ofSeconds(5));
        ConversationKey talk = new ConversationKey("erase", "talk");
        gate = new CountDownLatch(1);
        // While no reader runs.
        write(talk, 1, "erase-1", "secret", clock.instant());
        write(talk, 2, "erase-2", "secret", clock.instant());
        write(talk, 3, "erase-3", "harmless", clock.instant());
        write(talk, 1, "erase-1", null, clock.instant());
        write(talk, 2, "erase-2", "harmless", clock.instant());
        producer.flush();
        try (Running _ = new Running()) {
            await().atMost(PATIENCE).until(() -> times("erase-3") == 1);
            ConversationKey beside = beside(talk, "quick");
            // More than a tenant has places: the last ones wait.
            for (int i = 4; i <= 60; i++) {
                write(talk, i, "erase-" + i, i > 50 ? "secret" : "harmless", clock.instant());
            }
            awaitRead(beside, 1);
            for (int i = 51; i <= 60; i++) {
                write(talk, i, "erase-" + i, null, clock.instant());
            }
            awaitRead(beside, 2);
            gate.countDown();

            await().atMost(PATIENCE).until(() -> flagged("erase-").size() == 49);
        } finally {
            gate.countDown();
        }
        assertThat(texts).doesNotContainValue("secret");
        assertThat(flagged("erase-").values()).containsOnly(1);
        assertThat(times("erase-1") + times("erase-51") + times("erase-60")).isZero();
        assertThat(times("erase-2")).isEqualTo(1);
    }

    /// Awaits that everything before this was read in its partition.
    private void awaitRead(ConversationKey beside, int number) {
        String messageId = "read-up-to-" + number;
        write(beside, number, messageId, "hello", clock.instant());
        producer.flush();
        await().atMost(PATIENCE).until(() -> flagged(messageId).size() == 1);
    }

    /// A conversation in the same partition.
    private ConversationKey beside(ConversationKey other, String tenant) {
        int partition = topics.messages().partitionOf(new EventKey(other, 1));
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> new ConversationKey(tenant, "beside-" + i))
                .filter(key -> topics.messages().partitionOf(new EventKey(key, 1)) == partition)
                .findFirst()
                .orElseThrow();
    }

    /// Messages are written all the time while the classifier is put.
    @Test
    void classifierJudgesAllMessagesSinceItHoldsAndNoneBefore() throws Exception {
        ModerationRuleset rules = new ModerationRuleset(
                0L,
                Instant.EPOCH,
                List.of(),
                List.of(),
                null,
                new ModerationClassifier(origin() + "/flags", 5_000L, "pass", ""));
        classifier("quick", "/flags", "pass", Duration.ofSeconds(5));
        RuleOperations operations = new RuleOperations(topics, clients, clock);
        Map<String, Instant> sent = new TreeMap<>();
        try (Running _ = new Running()) {
            messages("quick", "begun-", 1);
            await().atMost(PATIENCE).until(() -> flagged("begun-").size() == 1);
            Instant before = clock.instant();
            CompletableFuture<Void> put = CompletableFuture.runAsync(() -> put(operations, rules));
            Instant until = Instant.MAX;
            for (int i = 0; clock.instant().isBefore(until); i++) {
                Instant at = clock.instant().truncatedTo(ChronoUnit.MILLIS);
                String id = "put-" + i;
                sent.put(id, at);
                write(new ConversationKey("put", "c" + i % 8), i + 1, id, "hello", at);
                producer.flush();
                if (put.isDone() && until.equals(Instant.MAX)) {
                    Instant since = since(operations);
                    until = (since.isAfter(clock.instant()) ? since : clock.instant()).plusMillis(200);
                }
                LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
            }
            Instant since = since(operations);
            assertThat(since)
                    .isAfterOrEqualTo(before.truncatedTo(ChronoUnit.MILLIS).plusSeconds(1));
            Set<String> expected = sent.entrySet().stream()
                    .filter(entry -> !entry.getValue().isBefore(since))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet());
            assertThat(expected).isNotEmpty();

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(flagged("put-").keySet()).isEqualTo(expected));
        }
        assertThat(asked.keySet().stream().filter(id -> id.startsWith("put-")))
                .hasSameElementsAs(flagged("put-").keySet());
    }

    private static Instant since(RuleOperations operations) {
        return Objects.requireNonNull(operations.show("put")).getSince();
    }

    private static void put(RuleOperations operations, ModerationRuleset rules) {
        try {
            operations.put("put", rules);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

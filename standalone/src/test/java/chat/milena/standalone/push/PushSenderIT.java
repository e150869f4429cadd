package chat.milena.standalone.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.protocol.call.PushFacts;
import chat.milena.push.courier.Verdict;
import chat.milena.push.policy.FactsQuery;
import chat.milena.push.policy.PreviewRules;
import chat.milena.push.policy.PushPolicy;
import chat.milena.push.provider.Destination;
import chat.milena.push.provider.Notification;
import chat.milena.push.provider.Provider;
import chat.milena.push.send.DeviceConnections;
import chat.milena.push.send.PushOperations;
import chat.milena.push.send.PushRekeying;
import chat.milena.push.send.PushSender;
import chat.milena.runtime.config.PushKeys;
import chat.milena.runtime.config.Sealed;
import chat.milena.runtime.config.Secret;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.kafka.Topics;
import chat.milena.runtime.lifecycle.Readiness;
import chat.milena.schemas.avro.Device;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.PushIntent;
import chat.milena.schemas.avro.PushRegistration;
import chat.milena.schemas.avro.PushResult;
import chat.milena.schemas.key.DeviceKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.schemas.word.PushPlatform;
import chat.milena.standalone.broker.BrokerLogin;
import chat.milena.standalone.broker.EmbeddedKafka;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
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

/// Senders over a real broker, with providers that count.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class PushSenderIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int KILLS = 20;
    private static final int INTENTS = 4_000;
    /// Some times the window.
    private static final int BACKLOG = 3 * PushSender.WINDOW;

    private static final String TENANT = "t";
    private static final Instant REGISTERED = Instant.parse("2026-01-01T00:00:00Z");

    private final TopicCatalogue topics =
            new TopicCatalogue(new Sizing(1, 2, 2, 1, 1, Duration.ofDays(30)), ShippedSchemas.load());
    private final Clock clock = Clock.systemUTC();
    private EmbeddedKafka kafka;
    private KafkaClients clients;
    private PushKeys keys;
    private KafkaProducer<byte[], byte[]> producer;
    private KafkaConsumer<byte[], byte[]> resultReader;
    private final List<PushResult> results = new ArrayList<>();

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
        keys = PushKeys.loadOrCreate(folder.resolve("push.keys"), folder.resolve("push.index"));
        producer =
                new KafkaProducer<>(clients.producer(Map.of()), new ByteArraySerializer(), new ByteArraySerializer());
        resultReader = consumer(topics.pushResults());
    }

    @AfterAll
    void stop() throws Exception {
        producer.close();
        resultReader.close();
        kafka.stop(PATIENCE);
    }

    /// Answers later, on other threads, and counts.
    private static final class CountingProvider implements Provider {
        private final PushPlatform platform;
        private final Map<String, AtomicInteger> sent = new ConcurrentHashMap<>();
        private final AtomicInteger inFlight = new AtomicInteger();
        private final AtomicInteger inFlightMost = new AtomicInteger();
        private final Random random = new Random(7);
        private volatile CompletableFuture<Void> held = CompletableFuture.completedFuture(null);
        private volatile Verdict verdict = new Verdict.Accepted();

        private CountingProvider(PushPlatform platform) {
            this.platform = platform;
        }

        @Override
        public PushPlatform platform() {
            return platform;
        }

        @Override
        public CompletableFuture<Verdict> send(Destination destination, Notification notification) {
            sent.computeIfAbsent(notification.userId(), user -> new AtomicInteger())
                    .incrementAndGet();
            inFlightMost.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
            assertThat(destination.address().value()).isEqualTo("token of " + notification.userId());
            int millis;
            synchronized (random) {
                millis = random.nextInt(20);
            }
            return held.thenCompose(nothing -> CompletableFuture.supplyAsync(
                    () -> {
                        inFlight.decrementAndGet();
                        return verdict;
                    },
                    CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS)));
        }

        @Override
        public void close() {}
    }

    private PushSender sender(Provider provider) {
        return new PushSender(
                provider,
                new PushSender.Log(topics, clients),
                new PushSender.Deciding(
                        DeviceConnections.UNKNOWN,
                        question -> facts(provider.platform(), question),
                        new PushPolicy(new PushPolicy.Rules(PreviewRules.FULL, "Milena", Duration.ofHours(24), null)),
                        keys),
                new PushSender.Service("1", new Readiness(), new SimpleMeterRegistry(), clock));
    }

    private FactsQuery.Answer facts(PushPlatform platform, FactsQuery.Question question) {
        UserKey user = question.device().user();
        String deviceId = question.device().deviceId();
        Sealed sealed = keys.seal(
                ("token of " + user.userId()).getBytes(StandardCharsets.UTF_8),
                PushKeys.aad(user.tenant(), user.userId(), deviceId, platform.word()));
        PushFacts.Address address = new PushFacts.Address(
                sealed.keyId(), Base64.getEncoder().encodeToString(sealed.bytes()), REGISTERED.toEpochMilli());
        return new FactsQuery.Known(new PushFacts(
                new PushFacts.Registration(platform.word(), address, null, null, null, null, null, null),
                new PushFacts.Conversation(true, null, false, null, 0),
                PushFacts.Settings.USUAL,
                List.of(new PushFacts.Message(
                        question.upToSequence(),
                        "m",
                        clock.millis(),
                        new PushFacts.Sender("alice", "Alice", false),
                        new PushFacts.Content("text", "hi"),
                        new PushFacts.Standing(false, true, false, null, null),
                        null)),
                1));
    }

    /// One intent for each user.
    private List<String> intents(PushPlatform platform, String prefix, int count) {
        List<String> users = IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
        for (String userId : users) {
            PushIntent intent = new PushIntent();
            intent.setReleases(List.of());
            intent.setTenant(TENANT);
            intent.setUserId(userId);
            intent.setDeviceId("phone");
            intent.setPlatform(platform.word());
            intent.setConversationId("c");
            intent.setKind("message");
            intent.setSequenceNumber(1);
            intent.setMessageId("m");
            intent.setSenderId("alice");
            intent.setCount(1);
            intent.setTimestamp(clock.instant());
            intent.setSince(clock.instant());
            intent.setAttempt(1);
            DeviceKey key = new DeviceKey(new UserKey(TENANT, userId), "phone");
            write(topics.push(), key, intent);
        }
        producer.flush();
        return users;
    }

    private <K extends LogKey, V extends SpecificRecord> List<V> all(TopicSpec<K, V> topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(topic)) {
            return more(topic, consumer);
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer(TopicSpec<?, ?> topic) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                clients.consumer(Map.of()), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.assign(IntStream.range(0, topic.partitions())
                .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                .toList());
        consumer.seekToBeginning(consumer.assignment());
        return consumer;
    }

    /// What came since the last call.
    private static <K extends LogKey, V extends SpecificRecord> List<V> more(
            TopicSpec<K, V> topic, KafkaConsumer<byte[], byte[]> consumer) {
        List<V> values = new ArrayList<>();
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            consumer.poll(Duration.ofMillis(100))
                    .forEach(record -> values.add(topic.values().deserializer().deserialize("", record.value())));
        }
        return values;
    }

    /// How many results each user with this prefix has.
    private Map<String, Integer> results(String prefix) {
        results.addAll(more(topics.pushResults(), resultReader));
        Map<String, Integer> counts = new HashMap<>();
        for (PushResult result : results) {
            if (result.getUserId().startsWith(prefix)) {
                counts.merge(result.getUserId(), 1, Integer::sum);
            }
        }
        return counts;
    }

    @Test
    void killedSenderForgetsNothingAndRepeatsOnlyWhatHadNoResult() throws Exception {
        CountingProvider provider = new CountingProvider(PushPlatform.FCM);
        List<String> users = intents(PushPlatform.FCM, "kill-", INTENTS);
        Map<String, Integer> allowed = new HashMap<>();
        Random random = new Random(20_261_129);
        int most = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            PushSender sender = sender(provider);
            int before = total(provider);
            sender.start();
            int enough = Math.min(INTENTS, before + 20 + random.nextInt(160));
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(2)).until(() -> total(provider) >= enough);
            sender.kill();
            Map<String, Integer> results = results("kill-");
            Set<String> open = new HashSet<>(provider.sent.keySet());
            open.removeAll(results.keySet());
            most = Math.max(most, open.size());
            open.forEach(user -> allowed.merge(user, 1, Integer::sum));
        }
        PushSender last = sender(provider);
        last.start();
        await().atMost(PATIENCE).until(() -> results("kill-").size() == INTENTS);
        last.stop(Duration.ofSeconds(10));

        Map<String, Integer> results = results("kill-");
        int repeated = 0;
        for (String user : users) {
            int sent = Objects.requireNonNull(provider.sent.get(user)).get();
            assertThat(sent).as(user).isBetween(1, 1 + allowed.getOrDefault(user, 0));
            assertThat(results.get(user)).as(user).isEqualTo(1);
            repeated += sent - 1;
        }
        System.err.printf(
                "%d intents, %d kills: %d were sent again; at most %d had no result at a kill%n",
                INTENTS, KILLS, repeated, most);
        assertThat(most).isLessThanOrEqualTo(PushSender.WINDOW);
    }

    private static int total(CountingProvider provider) {
        return provider.sent.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    @Test
    void stalledProviderCostsABoundedWindowAndNoOtherPlatform() throws Exception {
        CountingProvider stalled = new CountingProvider(PushPlatform.WEBPUSH);
        CompletableFuture<Void> until = new CompletableFuture<>();
        stalled.held = until;
        CountingProvider other = new CountingProvider(PushPlatform.APNS);
        PushSender slow = sender(stalled);
        PushSender fast = sender(other);
        slow.start();
        fast.start();
        intents(PushPlatform.WEBPUSH, "slow-", BACKLOG);
        intents(PushPlatform.APNS, "fast-", BACKLOG);

        await().atMost(PATIENCE).until(() -> results("fast-").size() == BACKLOG);
        await().atMost(PATIENCE).until(() -> stalled.inFlight.get() == PushSender.WINDOW);
        assertThat(stalled.inFlightMost.get()).isEqualTo(PushSender.WINDOW);
        assertThat(results("slow-")).isEmpty();

        until.complete(null);
        await().atMost(PATIENCE).until(() -> results("slow-").size() == BACKLOG);
        assertThat(stalled.inFlightMost.get()).isEqualTo(PushSender.WINDOW);
        slow.stop(Duration.ofSeconds(10));
        fast.stop(Duration.ofSeconds(10));
        assertThat(stalled.sent.values()).allMatch(count -> count.get() == 1);
    }

    @Test
    void refusedPushesAreShownAndSentAgainOnce() throws Exception {
        CountingProvider provider = new CountingProvider(PushPlatform.FCM);
        provider.verdict = new Verdict.Refused("too_large");
        PushOperations operations = new PushOperations(topics, clients, clock);
        Instant start = clock.instant();
        PushSender sender = sender(provider);
        sender.start();
        intents(PushPlatform.FCM, "refused-", 3);
        await().atMost(PATIENCE).until(() -> operations.refused(start).size() == 3);
        assertThat(operations.refused(start))
                .allSatisfy(push -> assertThat(push.reason()).isEqualTo("too_large"));

        provider.verdict = new Verdict.Accepted();
        assertThat(operations.resend(operations.refused(start))).isEqualTo(3);
        await().atMost(PATIENCE).until(() -> operations.refused(start).isEmpty());
        assertThat(operations.resend(operations.refused(start))).isZero();
        sender.stop(Duration.ofSeconds(10));
        assertThat(provider.sent.values()).hasSize(3).allMatch(count -> count.get() == 2);
    }

    @Test
    void registrationThatIsGoneIsTakenBack() throws Exception {
        CountingProvider provider = new CountingProvider(PushPlatform.FCM);
        provider.verdict = new Verdict.Gone(REGISTERED.plusSeconds(1));
        PushSender sender = sender(provider);
        sender.start();
        intents(PushPlatform.FCM, "gone-", 1);
        await().atMost(PATIENCE).until(() -> results("gone-").containsKey("gone-0"));
        sender.stop(Duration.ofSeconds(10));

        List<InboundCommand> commands = all(topics.userCommands()).stream()
                .filter(command -> command.getUserId().startsWith("gone-"))
                .toList();
        assertThat(commands).hasSize(1);
        assertThat(commands.getFirst().getKind()).isEqualTo("user.device");
        assertThat(commands.getFirst().getDevice().getUnregisters()).isTrue();
        assertThat(commands.getFirst().getDevice().getRegisteredUpTo()).isEqualTo(REGISTERED);
    }

    /// In parts of a partition, since only two registrations may be in memory.
    @Test
    void registrationsAreEncryptedAgainHoweverManyThereAre(@TempDir Path folder) throws Exception {
        int registrations = 9;
        Path file = folder.resolve("push.keys");
        PushKeys older = PushKeys.loadOrCreate(file, folder.resolve("push.index"));
        for (int i = 0; i < registrations; i++) {
            registers(older, "rekey-" + i, keyId(older));
        }
        registers(older, "rekey-lost", "lost");
        registers(older, "rekey-gone", keyId(older));
        write(topics.devices(), phone("rekey-gone"), null);
        Files.writeString(
                file, "new:" + Base64.getUrlEncoder().encodeToString(new byte[32]) + "\n" + Files.readString(file));
        PushKeys newer = PushKeys.load(file, folder.resolve("push.index"));
        registers(newer, "rekey-new", "new");
        producer.flush();

        PushRekeying.Outcome outcome = new PushRekeying(topics, clients, newer, clock, 2).run(Duration.ZERO);

        assertThat(outcome.before()).isEqualTo(new PushRekeying.Counts(1, registrations, 1));
        assertThat(outcome.after()).as("no sequencer runs here").isEqualTo(outcome.before());
        List<InboundCommand> commands = all(topics.userCommands()).stream()
                .filter(command -> command.getUserId().startsWith("rekey-"))
                .toList();
        assertThat(commands)
                .extracting(InboundCommand::getUserId)
                .doesNotHaveDuplicates()
                .hasSize(registrations);
        assertThat(commands).allSatisfy(command -> {
            assertThat(command.getDevice().getRekeysOf()).isEqualTo(REGISTERED);
            PushRegistration push = command.getDevice().getPush();
            assertThat(push.getKeyId()).isEqualTo("new");
            byte[] sealed = new byte[push.getAddress().remaining()];
            push.getAddress().get(sealed);
            assertThat(newer.open("new", sealed, aad(command.getUserId()))
                            .map(plain -> new String(plain, StandardCharsets.UTF_8)))
                    .contains("token of " + command.getUserId());
        });
    }

    private static String keyId(PushKeys of) {
        return of.seal(new byte[0], "").keyId();
    }

    private static String aad(String userId) {
        return PushKeys.aad(TENANT, userId, "phone", "fcm");
    }

    private static DeviceKey phone(String userId) {
        return new DeviceKey(new UserKey(TENANT, userId), "phone");
    }

    private void registers(PushKeys by, String userId, String keyId) {
        Sealed sealed = by.seal(("token of " + userId).getBytes(StandardCharsets.UTF_8), aad(userId));
        PushRegistration push = PushRegistration.newBuilder()
                .setPlatform("fcm")
                .setKeyId(keyId)
                .setAddress(ByteBuffer.wrap(sealed.bytes()))
                .setAddressHash("hash of " + userId)
                .setRegisteredAt(REGISTERED)
                .build();
        write(topics.devices(), phone(userId), new Device(TENANT, userId, "phone", REGISTERED, push, null));
    }

    private <V extends SpecificRecord> void write(TopicSpec<DeviceKey, V> topic, DeviceKey key, @Nullable V value) {
        var _ = producer.send(new ProducerRecord<>(
                topic.name(),
                topic.partitionOf(key),
                key.toBytes(),
                value == null ? null : topic.values().serializer().serialize("", value)));
    }
}

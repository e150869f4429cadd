package chat.milena.standalone.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.runtime.config.Secret;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.kafka.Topics;
import chat.milena.runtime.token.TokenSecret;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.standalone.broker.BrokerLogin;
import chat.milena.standalone.broker.EmbeddedKafka;
import chat.milena.standalone.sync.SyncApiInstance.Answer;
import chat.milena.standalone.sync.SyncApiInstance.Installation;
import chat.milena.syncapi.ViewsClient;
import chat.milena.syncapi.ViewsRebuild;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The query side over a real broker: several instances share the views, find each other, and answer no read short.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class ViewsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /// Room for a busy machine and for partitions on the move: in these tests no read may be refused for lack of time.
    private static final Duration READ_WITHIN = Duration.ofSeconds(30);

    private static final Sizing SIZING = new Sizing(4, 4, 1, 1, 1, Duration.ofDays(30));
    private static final int CONVERSATIONS = 12;

    private final TopicCatalogue topics = new TopicCatalogue(SIZING, ShippedSchemas.load());

    private EmbeddedKafka kafka;
    private KafkaClients clients;
    private Installation installation;
    private ViewsLog log;
    private SyncApiInstance one;
    private SyncApiInstance two;
    private final List<ConversationKey> conversations = new ArrayList<>();

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
        installation = new Installation(
                clients,
                topics,
                TokenSecret.random(),
                new Secret("internal secret of thirty-two characters and more"),
                folder);
        log = new ViewsLog(clients, topics);
        for (int i = 0; i < CONVERSATIONS; i++) {
            ConversationKey conversation = log.creates("talk-" + i, "alice", "bob");
            conversations.add(conversation);
            log.says(conversation, "alice", "hello");
        }
        one = instance("a", "one", List.of(), READ_WITHIN).start();
        two = instance("a", "two", List.of(), READ_WITHIN).start();
        await().atMost(PATIENCE)
                .until(() -> one.ownConversationPartitions().size() == 2
                        && two.ownConversationPartitions().size() == 2);
    }

    @AfterAll
    void stop() throws Exception {
        if (one != null) {
            one.close();
        }
        if (two != null) {
            two.close();
        }
        if (log != null) {
            log.close();
        }
        if (kafka != null) {
            kafka.stop(PATIENCE);
        }
    }

    private SyncApiInstance instance(String copy, String instanceId, List<URI> peers, Duration readWithin) {
        return new SyncApiInstance(installation, copy, instanceId, peers, readWithin);
    }

    @Test
    void everyInstanceAnswersAlikeWhereverTheConversationIs() throws Exception {
        Set<Integer> partitions = new TreeSet<>();
        for (ConversationKey conversation : conversations) {
            partitions.add(conversation.partition(SIZING.conversationPartitions()));
            for (String read : List.of("", "/messages", "/members", "/receipts")) {
                String path = "/" + conversation.conversationId() + read;
                Answer here = one.reads("bob", path);
                Answer there = two.reads("bob", path);

                assertThat(here.status()).as(here.text()).isEqualTo(200);
                assertThat(there.text()).as(path).isEqualTo(here.text());
            }
        }
        assertThat(partitions).as("both instances own some of what was asked").hasSize(4);
        Answer inbox = one.reads("alice", "");
        assertThat(inbox.json().path("conversations").findValuesAsText("conversationId"))
                .contains(conversations.getFirst().conversationId())
                .hasSizeGreaterThanOrEqualTo(CONVERSATIONS);
        assertThat(two.reads("alice", "").text()).isEqualTo(inbox.text());
    }

    @Test
    void readWaitsForAViewThatIsBehindAndThenHoldsWhatWasCommitted() throws Exception {
        ConversationKey conversation = log.creates("released", "alice", "bob");
        assertThat(newest(one, conversation)).isEqualTo(1);
        one.serving().hold();
        two.serving().hold();
        try (ExecutorService beside = Executors.newSingleThreadExecutor()) {
            long number = log.says(conversation, "alice", "late");
            long asked = one.endsAsked() + two.endsAsked();
            Future<Long> read = beside.submit(() -> newest(one, conversation));
            await().atMost(PATIENCE).until(() -> one.endsAsked() + two.endsAsked() > asked);
            assertThat(read).isNotDone();

            one.serving().resume();
            two.serving().resume();

            assertThat(read.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(number);
        } finally {
            one.serving().resume();
            two.serving().resume();
        }
    }

    @Test
    void readIsRefusedAndNeverShortWhenTheViewStaysBehind() throws Exception {
        ConversationKey conversation = log.creates("refused", "alice", "bob");
        try (SyncApiInstance hasty =
                instance("hasty", "hasty", List.of(), Duration.ofSeconds(1)).start()) {
            await().atMost(PATIENCE).until(() -> answers(hasty, conversation));
            hasty.serving().hold();
            long number = log.says(conversation, "alice", "late");

            Answer history = hasty.reads("bob", "/refused/messages");
            Answer sync =
                    hasty.syncs("bob", "{\"conversations\":[{\"conversationId\":\"refused\",\"lastSequence\":1}]}");

            assertThat(history.status()).as(history.text()).isEqualTo(503);
            assertThat(history.json().path("error").asText()).isEqualTo("UNAVAILABLE");
            assertThat(history.retryAfter()).isEqualTo("1");
            assertThat(sync.status()).as(sync.text()).isEqualTo(503);

            hasty.serving().resume();

            await().atMost(PATIENCE).until(() -> answers(hasty, conversation));
            assertThat(newest(hasty, conversation)).isEqualTo(number);
        }
    }

    @Test
    void quietPartitionThatEndsWithMarkersAndAbortedRecordsLetsReadsPass() throws Exception {
        ConversationKey conversation = log.creates("quiet", "alice", "bob");
        long number = log.says(conversation, "alice", "the last word");
        TopicPartition partition =
                new TopicPartition(topics.messages().name(), conversation.partition(SIZING.conversationPartitions()));
        long endBefore = end(partition);
        for (int i = 0; i < 5; i++) {
            log.aborts(conversation);
        }

        assertThat(end(partition)).as("records and markers that no view holds").isEqualTo(endBefore + 10);
        assertThat(newest(one, conversation)).isEqualTo(number);
        assertThat(newest(two, conversation)).isEqualTo(number);
    }

    @Test
    void copyThatStandsStillIsReplacedByAnotherOne() throws Exception {
        ConversationKey conversation = log.creates("copies", "alice", "bob");
        List<URI> peers = List.of(two.internalUrl());
        try (SyncApiInstance lame =
                instance("b", "lame", peers, Duration.ofSeconds(6)).start()) {
            assertThat(newest(lame, conversation)).isEqualTo(1);
            lame.serving().hold();
            long number = log.says(conversation, "alice", "read it elsewhere");

            assertThat(newest(lame, conversation)).isEqualTo(number);

            // For a moment it may not be known.
            await().untilAsserted(() -> assertThat(lame.operator().status().versions())
                    .as("it is still behind")
                    .allMatch(version -> version.lag() > 0));
        }
    }

    @Test
    void rebuildIsNoticedByNoReaderAndItsVersionOutlivesARestart() throws Exception {
        List<ConversationKey> own = newConversations("rebuilt");
        int before = one.serving().viewName().version();
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (ReadChecker checker = new ReadChecker(log, own, List.of(one, two));
                PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            checker.awaitChecks(20);

            new ViewsRebuild(List.of(one.operator(), two.operator()), out).run();

            checker.awaitChecks(20);
            checker.end();
        }
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .containsPattern("(\\d+) of \\1 partitions")
                .contains("views-a-v" + (before + 1) + " serves after");
        assertThat(one.operator().status().versions())
                .singleElement()
                .extracting(ViewsClient.Version::views)
                .isEqualTo("views-a-v" + (before + 1));

        two.stop();
        two.start();

        assertThat(two.serving().viewName().version()).isEqualTo(before + 1);
        assertThat(newest(two, own.getFirst())).isEqualTo(log.last(own.getFirst()));
    }

    @Test
    void internalCallsNeedTheSecretAndAreNotMadeFromOutside() throws Exception {
        URI internal = one.internalUrl();
        for (String path : List.of("/internal/v1/reads", "/internal/v1/views", "/internal/v1/views/begin")) {
            for (String secret : List.of("", "Bearer ", "Bearer wrong", "Bearer " + installation.token("alice"))) {
                HttpRequest.Builder request =
                        HttpRequest.newBuilder(internal.resolve(path)).POST(HttpRequest.BodyPublishers.ofString("[]"));
                if (!secret.isEmpty()) {
                    request.header("Authorization", secret);
                }
                assertThat(one.send(request).status())
                        .as("%s with %s", path, secret)
                        .isEqualTo(401);
            }
        }
        String right = "Bearer " + installation.internal().value();
        HttpRequest.Builder inside = HttpRequest.newBuilder(internal.resolve("/internal/v1/views"));
        assertThat(one.send(inside.header("Authorization", right)).status()).isEqualTo(200);
        for (String path : List.of("/internal/v1/reads", "/internal/v1/views")) {
            HttpRequest.Builder outside = HttpRequest.newBuilder(one.url().resolve(path));
            assertThat(one.send(outside.header("Authorization", right)).status())
                    .as(path)
                    .isEqualTo(404);
        }
    }

    @Test
    void lostStateIsReadAgainFromTheLogAndAnswersAreTheSameByteForByte() throws Exception {
        List<ConversationKey> own = newConversations("lost");
        for (ConversationKey conversation : own) {
            log.says(conversation, "bob", "hello again");
            log.reads(conversation, "alice", 2);
        }
        try (SyncApiInstance forgetful =
                instance("c", "forgetful", List.of(), READ_WITHIN).start()) {
            Map<String, String> before = all(forgetful, own);
            forgetful.stop();
            delete(forgetful.state());

            forgetful.start();

            assertThat(all(forgetful, own)).isEqualTo(before);
            assertThat(before.values())
                    .allMatch(answer -> answer.contains("\"userId\"") || answer.contains("hello again"));
        }
    }

    @Test
    void instancesComeAndGoAndNoReadMissesWhatWasCommitted() throws Exception {
        List<ConversationKey> own = newConversations("moving");
        try (SyncApiInstance third = instance("a", "three", List.of(), READ_WITHIN);
                ReadChecker checker = new ReadChecker(log, own, List.of(one, two))) {
            checker.awaitChecks(20);
            third.start();
            checker.add(third);
            await().atMost(PATIENCE)
                    .until(() -> !third.ownConversationPartitions().isEmpty());
            checker.awaitChecks(50);

            checker.remove(third);
            third.stop();
            checker.awaitChecks(50);

            checker.end();
        }
    }

    /// One in each partition.
    private List<ConversationKey> newConversations(String name) {
        List<ConversationKey> made = new ArrayList<>();
        Set<Integer> partitions = new TreeSet<>();
        for (int i = 0; partitions.size() < SIZING.conversationPartitions(); i++) {
            ConversationKey candidate = new ConversationKey(ViewsLog.TENANT, name + "-" + i);
            if (partitions.add(candidate.partition(SIZING.conversationPartitions()))) {
                made.add(log.creates(candidate.conversationId(), "alice", "bob"));
            }
        }
        return made;
    }

    /// The number of the newest entry that bob reads.
    private static long newest(SyncApiInstance instance, ConversationKey conversation) throws Exception {
        Answer answer = instance.reads("bob", "/" + conversation.conversationId() + "/messages?limit=1");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.text()).doesNotContain(ViewsLog.ABORTED);
        return answer.json().path("messages").path(0).path("sequenceNumber").asLong();
    }

    private static boolean answers(SyncApiInstance instance, ConversationKey conversation) throws Exception {
        return instance.reads("bob", "/" + conversation.conversationId()).status() == 200;
    }

    private static Map<String, String> all(SyncApiInstance instance, List<ConversationKey> conversations)
            throws Exception {
        Map<String, String> answers = new TreeMap<>();
        for (ConversationKey conversation : conversations) {
            for (String read : List.of("", "/messages", "/members", "/receipts")) {
                String path = "/" + conversation.conversationId() + read;
                Answer answer = instance.reads("bob", path);
                assertThat(answer.status()).as(answer.text()).isEqualTo(200);
                answers.put(path, answer.text());
            }
        }
        answers.put("inbox", instance.reads("bob", "").text());
        return answers;
    }

    /// The high watermark.
    private long end(TopicPartition partition) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                clients.consumer(Map.of()), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            return consumer.endOffsets(List.of(partition)).getOrDefault(partition, -1L);
        }
    }

    private static void delete(Path folder) throws Exception {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException e) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}

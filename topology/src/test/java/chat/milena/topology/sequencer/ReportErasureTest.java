package chat.milena.topology.sequencer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.schemas.avro.CommandOrigin;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.CreateConversation;
import chat.milena.schemas.avro.DecideMessage;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.MessageCopy;
import chat.milena.schemas.avro.ReportMessage;
import chat.milena.schemas.avro.ReportedMessage;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.topic.Cleanup;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.topology.InstalledTopics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The copy of a reported message leaves the disk once moderators have decided, without further writes too.
class ReportErasureTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final ShippedSchemas IDS = ShippedSchemas.load();
    private static final Duration ERASE_WITHIN = Duration.ofSeconds(6);
    private static final TopicCatalogue TOPICS =
            new TopicCatalogue(new Sizing(1, 1, 4, 1, 1, Duration.ofDays(30), ERASE_WITHIN), IDS);
    private static final String LOG = SequencerTopology.openReportsLog("milena-sequencer");
    private static final String NONE = "no copy";
    private static final String WRITTEN = "what was written and reported";

    @TempDir
    private Path folder;

    private TopologyTestDriver driver;

    @BeforeEach
    void start() {
        start(Duration.ofDays(30));
    }

    private void start(Duration evidenceKeep) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "milena-sequencer");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
        Duration kept = Duration.ofDays(30);
        driver = new TopologyTestDriver(
                TestSequencer.topology(
                        TOPICS, IDS, new SequencerConfig(10, 4, 4, 20, kept, Duration.ZERO, kept, evidenceKeep)),
                settings,
                NOON);
        Content one = new Content("text", "one", null, null, null);
        of(
                "alice",
                "member",
                "conversation.create",
                to -> to.setConversation(new CreateConversation("group", "G", List.of("bob", "carol", "dave"), null)));
        of("bob", "member", "message.send", to -> to.setMessage(new Message("m1", one, null, null, null)));
        report("carol", WRITTEN, 0, NOON);
    }

    private void report(String userId, String text, long revision, Instant at) {
        MessageCopy copy = new MessageCopy(new Content("text", text, null, null, null), revision, at);
        of(userId, "member", "message.report", to -> to.setReport(new ReportMessage("m1", "spam", "look", copy)));
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    private void of(String userId, String actorKind, String kind, Consumer<InboundCommand> section) {
        InboundCommand command = new InboundCommand();
        command.setTenant("default");
        command.setConversationId("g");
        command.setUserId(userId);
        command.setKind(kind);
        command.setActorKind(actorKind);
        command.setOrigin(new CommandOrigin("gw", "rest", 7L));
        command.setAcceptedAt(NOON);
        section.accept(command);
        driver.createInputTopic(
                        TOPICS.inbound().name(),
                        TOPICS.inbound().keys().serializer(),
                        TOPICS.inbound().values().serializer())
                .pipeInput(new ConversationKey("default", "g"), command);
    }

    private void dismiss() {
        of(
                "mia",
                "moderator",
                "message.decide",
                to -> to.setDecision(new DecideMessage("m1", "dismiss", null, false, null, null, null)));
    }

    private List<TestRecord<byte[], byte[]>> written(String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }

    /// Kafka closes a segment when a record comes that is later than its first one by its life.
    @Test
    void segmentsWithTheCopyAreEnded() {
        dismiss();
        segmentsAreEnded();
    }

    @Test
    void segmentsWithACopyThatALaterOneReplacesAreEnded() {
        report("alice", "edited", 1, NOON);
        segmentsWithNothingToEraseAreLeft();
        report("dave", "edited again", 2, NOON);
        segmentsAreEnded();
    }

    private void segmentsWithNothingToEraseAreLeft() {
        written(TOPICS.reports().name());
        written(LOG);
        driver.advanceWallClockTime(TOPICS.reports().segmentLife());
        assertThat(written(TOPICS.reports().name())).isEmpty();
    }

    private void segmentsAreEnded() {
        for (String topic : List.of(TOPICS.reports().name(), LOG)) {
            assertThat(written(topic)).as(topic).isNotEmpty();
        }
        Duration segmentLife = TOPICS.reports().segmentLife();
        for (int i = 0; i < 5; i++) {
            driver.advanceWallClockTime(segmentLife);
        }

        for (String topic : List.of(TOPICS.reports().name(), LOG)) {
            List<TestRecord<byte[], byte[]>> empty = written(topic);
            assertThat(empty)
                    .as(topic)
                    .hasSize(2)
                    .allSatisfy(record -> assertThat(record.value()).isNull());
            assertThat(empty.getLast().getRecordTime())
                    .as(topic)
                    .isAfterOrEqualTo(NOON.plus(segmentLife.multipliedBy(2)));
        }
    }

    @Test
    void nothingIsWrittenWhileTheCopyIsKept() {
        segmentsWithNothingToEraseAreLeft();
    }

    /// Harmless text that was flagged, and edited into abuse that was reported: the time of the first copy is not that
    /// of
    /// the second.
    @Test
    void eachCopyIsKeptForItsOwnTime() {
        driver.close();
        Duration kept = Duration.ofHours(1);
        start(kept);
        report("alice", "edited", 1, NOON.plus(kept.dividedBy(2)));
        assertThat(copies()).containsExactly(WRITTEN, "edited");

        driver.advanceWallClockTime(kept.plusMinutes(1));
        assertThat(copies()).containsExactly("edited", NONE);

        report("dave", "edited again", 2, NOON.plus(kept));
        assertThat(copies()).containsExactly("edited", "edited again");

        driver.advanceWallClockTime(kept.dividedBy(2));
        assertThat(copies()).containsExactly("edited again", NONE);
        driver.advanceWallClockTime(kept);
        assertThat(copies()).containsExactly(NONE, NONE);
    }

    /// The copies of the message as it was published last.
    private List<String> copies() {
        ReportedMessage last = written(TOPICS.reports().name()).stream()
                .map(TestRecord::value)
                .filter(Objects::nonNull)
                .map(value -> TOPICS.reports()
                        .values()
                        .deserializer()
                        .deserialize(TOPICS.reports().name(), value))
                .reduce((_, next) -> next)
                .orElseThrow();
        return Stream.of(last.getCopy(), last.getLatestCopy())
                .map(copy -> copy == null ? NONE : copy.getContent().getText())
                .toList();
    }

    @Test
    void copyLeavesTheStore() throws IOException {
        driver.advanceWallClockTime(ERASE_WITHIN);
        assertThat(onDisk()).as("written by the first tick").isTrue();
        dismiss();

        await().atMost(Duration.ofSeconds(40)).ignoreExceptions().untilAsserted(() -> {
            driver.advanceWallClockTime(ERASE_WITHIN.dividedBy(6));
            assertThat(onDisk()).isFalse();
        });
    }

    private boolean onDisk() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(path -> path.toString().endsWith(".sst")).toList();
        }
        for (Path file : files) {
            if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(WRITTEN)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void logOfTheStoreIsErasableAsThatOfMessages() {
        String segmentLife = Long.toString(ERASE_WITHIN.dividedBy(3).toMillis());
        TopicSpec<?, ?> installed = new InstalledTopics(TOPICS)
                .all(Set.of(LOG)).stream()
                        .filter(topic -> topic.name().equals(LOG))
                        .findFirst()
                        .orElseThrow();

        assertThat(installed.cleanup()).isEqualTo(Cleanup.COMPACT);
        assertThat(installed.settings())
                .containsEntry("max.compaction.lag.ms", segmentLife)
                .containsEntry("segment.ms", segmentLife);
    }
}

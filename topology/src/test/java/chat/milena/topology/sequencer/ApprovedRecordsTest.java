package chat.milena.topology.sequencer;

import static chat.milena.topology.Approved.assertApproved;

import chat.milena.schemas.avro.CommandOutcome;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.FanoutEvent;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.topology.streams.CommitPacing;
import chat.milena.topology.streams.CommitWatch;
import chat.milena.topology.streams.StoreDamage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One log of commands gives the same records, byte for byte, whatever becomes of the code: in every topic, the
/// changelogs of the stores among them.
class ApprovedRecordsTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final int COMMANDS = 3_000;

    private final ShippedSchemas ids = ShippedSchemas.load();
    private final TopicCatalogue topics = new TopicCatalogue(new Sizing(1, 1, 4, 1, 1, Duration.ofDays(30)), ids);
    private final Map<Long, String> kinds = new HashMap<>();

    @TempDir
    private Path stateFolder;

    @Test
    void oneLogGivesTheApprovedRecords() throws IOException, NoSuchAlgorithmException {
        CommitPacing pacing = new CommitPacing(
                Duration.ofMillis(5), Duration.ofMillis(25), CommitWatch.of("test", new SimpleMeterRegistry()));
        SequencerConfig config = new SequencerConfig(7, 5, 20, Duration.ofDays(30));
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "sequencer");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, stateFolder.toString());
        try (TopologyTestDriver driver = new TopologyTestDriver(
                SequencerTopology.build(topics, ids, config, pacing, topic -> {}, new StoreDamage(() -> {})),
                settings,
                NOON)) {
            TestInputTopic<ConversationKey, InboundCommand> inbound = driver.createInputTopic(
                    topics.inbound().name(),
                    topics.inbound().keys().serializer(),
                    topics.inbound().values().serializer());
            CommandLog log = new CommandLog(42);
            Random random = new Random(42);
            Instant now = NOON;
            for (int i = 0; i < COMMANDS; i++) {
                Duration step = Duration.ofMillis(random.nextInt(2_000));
                driver.advanceWallClockTime(step);
                now = now.plus(step);
                InboundCommand command = log.next(now);
                kinds.put(command.getOrigin().getCommandId(), command.getKind());
                inbound.pipeInput(new ConversationKey(command.getTenant(), command.getConversationId()), command, now);
            }
            Map<String, List<TestRecord<byte[], byte[]>>> records = records(driver);

            assertApproved(digests(records) + "\n" + answers(records), "sequencer-records.txt");
        }
    }

    private static Map<String, List<TestRecord<byte[], byte[]>>> records(TopologyTestDriver driver) {
        Map<String, List<TestRecord<byte[], byte[]>>> records = new TreeMap<>();
        for (String topic : driver.producedTopicNames()) {
            records.put(
                    topic,
                    driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                            .readRecordsToList());
        }
        return records;
    }

    /// Of each topic how many records it has, and a digest of all their keys, values and times.
    private static String digests(Map<String, List<TestRecord<byte[], byte[]>>> topics)
            throws NoSuchAlgorithmException {
        StringBuilder lines = new StringBuilder();
        for (Map.Entry<String, List<TestRecord<byte[], byte[]>>> topic : topics.entrySet()) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (TestRecord<byte[], byte[]> record : topic.getValue()) {
                add(digest, record.key());
                add(digest, record.value());
                digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, record.timestamp()));
            }
            String hex = HexFormat.of().formatHex(digest.digest());
            lines.append("%s %d %s%n".formatted(topic.getKey(), topic.getValue().size(), hex));
        }
        return lines.toString();
    }

    /// How often each kind of command was answered how: what the log puts to the test.
    private String answers(Map<String, List<TestRecord<byte[], byte[]>>> topics) {
        Map<String, Integer> answers = new TreeMap<>();
        Deserializer<Delivery> deliveries = this.topics.deliveries().values().deserializer();
        for (TestRecord<byte[], byte[]> record :
                Objects.requireNonNull(topics.get(this.topics.deliveries().name()))) {
            count(deliveries.deserialize("", record.value()).getOutcome(), answers);
        }
        Deserializer<FanoutEvent> fanout = this.topics.fanout().values().deserializer();
        for (TestRecord<byte[], byte[]> record :
                Objects.requireNonNull(topics.get(this.topics.fanout().name()))) {
            count(fanout.deserialize("", record.value()).getOutcome(), answers);
        }
        StringBuilder lines = new StringBuilder();
        answers.forEach((answer, times) -> lines.append("%s %d%n".formatted(answer, times)));
        return lines.toString();
    }

    private void count(@Nullable CommandOutcome outcome, Map<String, Integer> answers) {
        if (outcome != null) {
            String kind = kinds.get(outcome.getOrigin().getCommandId());
            String code = outcome.getCode() == null ? "" : " " + outcome.getCode();
            answers.merge(kind + " " + outcome.getStatus() + code, 1, Integer::sum);
        }
    }

    private static void add(MessageDigest digest, byte @Nullable [] bytes) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes == null ? -1 : bytes.length));
        if (bytes != null) {
            digest.update(bytes);
        }
    }
}

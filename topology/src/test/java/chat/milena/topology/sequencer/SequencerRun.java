package chat.milena.topology.sequencer;

import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.streams.run.CommitPacing;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/// All that the sequencer writes for one [CommandLog], under a clock that is the same each time.
///
/// @param topics each topic's records, the changelogs of the stores among them
record SequencerRun(Map<String, List<TestRecord<byte[], byte[]>>> topics) {
    static final int MEMBERS_MAX = 7;
    static final int LARGE_FROM = 5;
    static final int COMMANDS = 3_000;

    static final TopicCatalogue TOPICS;

    static final ShippedSchemas IDS = ShippedSchemas.load();
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    static {
        TOPICS = new TopicCatalogue(new Sizing(1, 1, 4, 1, 1, Duration.ofDays(30)), IDS);
    }

    /// Runs it.
    ///
    /// @param stateFolder an empty one
    /// @param before is given each command before it is handled
    static SequencerRun of(Path stateFolder, Decider decider, Consumer<InboundCommand> before) {
        CommitPacing pacing = TestSequencer.pacing();
        SequencerConfig config = new SequencerConfig(
                MEMBERS_MAX,
                LARGE_FROM,
                LARGE_FROM - 1,
                20,
                Duration.ofDays(30),
                Duration.ZERO,
                SequencerConfig.DEVICE_LIFE,
                SequencerConfig.EVIDENCE_KEEP);
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "sequencer");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, stateFolder.toString());
        try (TopologyTestDriver driver = new TopologyTestDriver(
                SequencerTopology.build(TOPICS, IDS, config, pacing, TestSequencer.counting(topic -> {}), decider),
                settings,
                NOON)) {
            pipe(driver, before);
            Map<String, List<TestRecord<byte[], byte[]>>> records = new TreeMap<>();
            for (String topic : driver.producedTopicNames()) {
                records.put(
                        topic,
                        driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                                .readRecordsToList());
            }
            return new SequencerRun(records);
        }
    }

    private static void pipe(TopologyTestDriver driver, Consumer<InboundCommand> before) {
        TestInputTopic<ConversationKey, InboundCommand> inbound = driver.createInputTopic(
                TOPICS.inbound().name(),
                TOPICS.inbound().keys().serializer(),
                TOPICS.inbound().values().serializer());
        CommandLog log = new CommandLog(42);
        Random random = new Random(42);
        Instant now = NOON;
        for (int i = 0; i < COMMANDS; i++) {
            Duration step = Duration.ofMillis(random.nextInt(2_000));
            driver.advanceWallClockTime(step);
            now = now.plus(step);
            InboundCommand command = log.next(now);
            before.accept(command);
            inbound.pipeInput(new ConversationKey(command.getTenant(), command.getConversationId()), command, now);
        }
    }

    /// How many records a topic has, and a digest of all their keys, values and times.
    String digest(String topic) {
        return digest(topic, value -> value);
    }

    /// As above, of other values.
    ///
    /// @param seen the value that counts in place of the one that was written
    String digest(String topic, UnaryOperator<byte @Nullable []> seen) {
        List<TestRecord<byte[], byte[]>> records = Objects.requireNonNull(topics.get(topic));
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
        for (TestRecord<byte[], byte[]> record : records) {
            add(digest, record.key());
            add(digest, seen.apply(record.value()));
            digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, record.timestamp()));
        }
        return records.size() + " " + HexFormat.of().formatHex(digest.digest());
    }

    private static void add(MessageDigest digest, byte @Nullable [] bytes) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes == null ? -1 : bytes.length));
        if (bytes != null) {
            digest.update(bytes);
        }
    }

    /// The values of one topic.
    <V extends SpecificRecord> List<V> values(String topic, Deserializer<V> values) {
        return Objects.requireNonNull(topics.get(topic)).stream()
                .map(record -> values.deserialize(topic, record.value()))
                .toList();
    }
}

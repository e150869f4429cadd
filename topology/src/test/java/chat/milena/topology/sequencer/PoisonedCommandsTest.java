package chat.milena.topology.sequencer;

import static org.apache.kafka.streams.KeyValue.pair;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import chat.milena.conversation.command.Command.SendMessage;
import chat.milena.conversation.rules.ConversationRules;
import chat.milena.conversation.rules.RuleBook;
import chat.milena.conversation.rules.Rules;
import chat.milena.conversation.state.BrokenInvariantException;
import chat.milena.schemas.avro.ChangeMembers;
import chat.milena.schemas.avro.CommandOrigin;
import chat.milena.schemas.avro.CommandOutcome;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.CreateConversation;
import chat.milena.schemas.avro.DeadLetter;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.MarkReceipt;
import chat.milena.schemas.avro.Member;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.Receipt;
import chat.milena.schemas.avro.SequenceState;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.MemberKey;
import chat.milena.schemas.key.RawKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.AvroSerde;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.streams.deadletter.DeadLetters;
import chat.milena.topology.command.CommandReader;
import chat.milena.topology.command.CommandReading;
import chat.milena.topology.command.PastEvents;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/// Every kind of record that no gateway of ours appends, between commands that one did.
@Isolated("it counts the lines of a log that others write to")
class PoisonedCommandsTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final ConversationKey KEY = new ConversationKey("t", "c");
    private static final ShippedSchemas IDS = ShippedSchemas.load();
    private static final TopicCatalogue TOPICS =
            new TopicCatalogue(new Sizing(1, 1, 4, 1, 1, Duration.ofDays(30)), IDS);

    @TempDir
    private Path stateFolder;

    private final List<String> counted = new ArrayList<>();
    private TopologyTestDriver driver;
    private TestInputTopic<byte[], byte[]> inbound;
    private TestOutputTopic<RawKey, DeadLetter> deadLetters;

    /// @param reason what the dead letter's reason begins with
    /// @param answered whether the record names the sender who must be answered
    record Poison(String name, KeyValue<byte[], byte[]> record, String reason, boolean answered) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Poison> poisons() {
        byte[] key = KEY.toBytes();
        byte[] good = bytes(message("poison"));
        byte[] otherSchema = new AvroSerde<>(Member.class, IDS)
                .serializer()
                .serialize("", new Member("t", "c", "alice", "admin", NOON, 1L, null, true, 1L, false));
        return Stream.of(
                new Poison("no value", pair(key, null), "value: missing", false),
                new Poison("no key", pair(null, good), "key: missing", false),
                new Poison("neither", pair(null, null), "key: missing", false),
                new Poison("junk key", pair(new byte[] {-1, -2, 7}, good), "key: A key of 2 parts", false),
                new Poison("key of three parts", pair(utf8("t\0c\0x"), good), "key: A key of 2 parts", false),
                new Poison("empty value", pair(key, new byte[0]), "value: Not in the Confluent wire format", false),
                new Poison("bad magic", pair(key, with(good, 0, 1)), "value: Not in the Confluent wire format", false),
                new Poison("unknown schema", pair(key, with(good, 2, 7)), "value: No shipped schema has the id", false),
                new Poison("another record's schema", pair(key, otherSchema), "value: Cannot read", false),
                new Poison("truncated", pair(key, Arrays.copyOf(good, good.length - 9)), "value: Cannot read", false),
                new Poison("only a header", pair(key, Arrays.copyOf(good, 5)), "value: Cannot read", false),
                new Poison(
                        "more than a value",
                        pair(key, Arrays.copyOf(good, good.length + 1)),
                        "value: Bytes are",
                        false),
                new Poison("length that lies", pair(key, with(good, 5, 0x7e)), "value: Cannot read", false),
                new Poison("too large", pair(key, new byte[257 << 10]), "record: ", false),
                new Poison("another conversation's key", pair(utf8("t\0d"), good), "key: of another", true),
                new Poison("another tenant's key", pair(utf8("u\0c"), good), "key: of another", true),
                changed("tenant", command -> command.setTenant("a b"), false),
                changed("conversationId", command -> command.setConversationId(""), true),
                changed("userId", command -> command.setUserId("a\0b"), false),
                changed("messageId", command -> command.getMessage().setMessageId("ä"), true),
                changed("messageId", command -> command.getMessage().setMessageId(""), true),
                changed("messageId", command -> command.getMessage().setMessageId("m".repeat(65)), true),
                changed("message", command -> command.setMessage(null), true),
                changed("conversation", command -> command.setKind("conversation.create"), true),
                changed("update", command -> command.setKind("conversation.update"), true),
                changed("members", command -> command.setKind("member.add"), true),
                changed("participantIds", command -> create(command, "group", "bob", "b\nb"), true),
                changed("userIds", command -> members(command, "member.add", null, "bob", "/"), true),
                changed("userIds", command -> members(command, "member.remove", null), true),
                changed("userIds", command -> members(command, "member.role", "admin", "bob", "carol"), true),
                changed("role", command -> members(command, "member.role", null, "bob"), true),
                changed("receipt", command -> command.setKind("message.read"), true),
                changed("receipt", command -> command.setKind("message.delivered"), true),
                changed("upToSequence", command -> receipt(command, null), true),
                changed("upToSequence", command -> receipt(command, -1L), true),
                changed("messageIds", command -> receipt(command, 1L, "m 1"), true),
                changed(
                        "messageIds",
                        command -> receipt(command, 1L, "m1 ".repeat(101).split(" ")),
                        true));
    }

    @BeforeEach
    void start() {
        SequencerConfig config = new SequencerConfig(
                6,
                6,
                5,
                10,
                Duration.ofDays(30),
                Duration.ZERO,
                SequencerConfig.DEVICE_LIFE,
                SequencerConfig.EVIDENCE_KEEP);
        ConversationRules rules = new ConversationRules(6, 6, 5, Duration.ofDays(30), Duration.ZERO);
        Rules failing = (state, command, lookups, now) -> {
            if (command instanceof SendMessage send) {
                failOn(send.message().getMessageId());
            }
            return rules.decide(state, command, lookups, now);
        };
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "poison-test");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, stateFolder.toString());
        driver = new TopologyTestDriver(
                SequencerTopology.build(
                        TOPICS,
                        IDS,
                        config,
                        TestSequencer.pacing(),
                        TestSequencer.counting(counted::add),
                        new Decider(PoisonedCommandsTest::read, new RuleBook(List.of(failing)), PastEvents.NONE)),
                settings,
                NOON);
        inbound =
                driver.createInputTopic(TOPICS.inbound().name(), new ByteArraySerializer(), new ByteArraySerializer());
        TopicSpec<RawKey, DeadLetter> topic = TOPICS.deadLetters();
        deadLetters = driver.createOutputTopic(
                topic.name(), topic.keys().deserializer(), topic.values().deserializer());
    }

    /// A reader that has a fault of its own.
    private static CommandReading read(ConversationKey key, InboundCommand inbound) {
        if (inbound.getReceipt() != null && inbound.getReceipt().getMessageIds().contains("fails")) {
            throw new NullPointerException("a secret of alice");
        }
        return CommandReader.read(key, inbound);
    }

    /// Rules that have a fault of their own.
    private static void failOn(String messageId) {
        switch (messageId) {
            case "fails" -> throw new NullPointerException("a secret of alice");
            case "contradicts" -> throw new BrokenInvariantException("numbers go back");
            default -> {}
        }
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @ParameterizedTest
    @MethodSource("poisons")
    void poisonBecomesADeadLetterAsItCameAndWhatIsAroundItIsHandled(Poison poison) {
        pipe(create());
        pipe(message("m1"));
        CommandOutcome before = outcomes().getLast();
        inbound.pipeInput(poison.record().key, poison.record().value, NOON.plusSeconds(7));
        List<CommandOutcome> answers = outcomes();
        pipe(message("m2"));

        KeyValue<RawKey, DeadLetter> letter = deadLetters.readKeyValue();
        assertThat(letter.value.getReason()).startsWith(poison.reason());
        assertThat(letter.value.getTopic()).isEqualTo("chat.inbound.v1");
        assertThat(letter.value.getPartition()).isZero();
        assertThat(letter.value.getOffset()).isEqualTo(2);
        assertThat(letter.value.getTimestamp()).isEqualTo(NOON.plusSeconds(7));
        assertThat(letter.value.getCut()).isFalse();
        assertThat(letter.key).isEqualTo(poison.record().key == null ? null : new RawKey(poison.record().key));
        assertThat(letter.value.getKey())
                .isEqualTo(poison.record().key == null ? null : ByteBuffer.wrap(poison.record().key));
        assertThat(letter.value.getValue())
                .isEqualTo(poison.record().value == null ? null : ByteBuffer.wrap(poison.record().value));
        assertThat(deadLetters.isEmpty()).isTrue();
        assertThat(counted).containsExactly("chat.inbound.v1");
        assertThat(answers).hasSize(poison.answered() ? 1 : 0).allSatisfy(PoisonedCommandsTest::isRefusal);
        assertThat(before.getSequenceNumber()).isEqualTo(2);
        assertThat(numbers()).containsExactly(1L, 2L, 3L);
        assertThat(outcomes())
                .singleElement()
                .satisfies(outcome -> assertThat(outcome.getSequenceNumber()).isEqualTo(3));
    }

    /// As where the gateways have a newer version than the sequencer, until that has it too.
    @Test
    void messageThatCouldNotBeReadIsNumberedWhenItIsSentAgain() {
        pipe(create());
        inbound.pipeInput(KEY.toBytes(), with(bytes(message("m1")), 2, 7));
        outcomes();
        pipe(message("m1"));
        pipe(message("m1"));

        assertThat(deadLetters.readValue().getReason()).startsWith("value: No shipped schema has the id");
        assertThat(outcomes())
                .extracting(CommandOutcome::getStatus, CommandOutcome::getSequenceNumber)
                .containsExactly(tuple("accepted", 2L), tuple("duplicate", 2L));
        assertThat(numbers()).containsExactly(1L, 2L);
    }

    @Test
    void messageIsReadByTheVersionBefore() {
        Schema older = Objects.requireNonNull(IDS.olderOf(InboundCommand.SCHEMA$));

        assertThat(ByteBuffer.wrap(bytes(message("m1"))).getInt(1)).isEqualTo(IDS.idOf(older));
    }

    @Test
    void commandThatTheRulesFailOnIsADeadLetterAndItsSenderIsAnsweredWithoutDetails() {
        pipe(create());
        outcomes();

        pipe(message("fails"));
        assertThat(outcomes()).singleElement().satisfies(PoisonedCommandsTest::isRefusal);
        pipe(message("m1"));

        assertThat(deadLetters.readValue().getReason())
                .startsWith("rules: NullPointerException at ")
                .contains("PoisonedCommandsTest.failOn")
                .doesNotContain("secret");
        assertThat(numbers()).containsExactly(1L, 2L);
    }

    @Test
    void receiptWhoseReadingFailsIsADeadLetterAndItsSenderIsAnsweredWithoutDetails() {
        pipe(create());
        outcomes();
        InboundCommand receipt = message("none");
        receipt(receipt, 1L, "fails");

        pipe(receipt);
        assertThat(outcomes()).singleElement().satisfies(PoisonedCommandsTest::isRefusal);
        pipe(message("m1"));

        assertThat(deadLetters.readValue().getReason())
                .startsWith("command: NullPointerException at ")
                .contains("PoisonedCommandsTest.read")
                .doesNotContain("secret");
        assertThat(numbers()).containsExactly(1L, 2L);
    }

    @Test
    void lookUpThatFailsStopsTheTask() {
        pipe(create());
        KeyValueStore<MemberKey, Receipt> receipts = driver.getKeyValueStore(SequencerStores.RECEIPTS);
        receipts.put(new MemberKey(KEY, "alice"), new Receipt("t", "c", "alice", 1L, NOON, 5L, NOON, 0L, null));
        InboundCommand receipt = message("none");
        receipt(receipt, 1L);

        assertThatThrownBy(() -> pipe(receipt)).hasRootCauseInstanceOf(BrokenInvariantException.class);
        assertThat(counted).isEmpty();
    }

    @Test
    void invariantThatTheRulesFindBrokenStopsTheTask() {
        pipe(create());

        assertThatThrownBy(() -> pipe(message("contradicts"))).hasRootCauseInstanceOf(BrokenInvariantException.class);
        assertThat(counted).isEmpty();
    }

    @Test
    void storesThatContradictEachOtherStopTheTask() {
        KeyValueStore<ConversationKey, SequenceState> sequences = driver.getKeyValueStore(SequencerStores.SEQUENCES);
        sequences.put(KEY, new SequenceState(5L, 4L, NOON, 0L, 0L, 0L, 0L, 0L));

        assertThatThrownBy(() -> pipe(message("m1"))).hasRootCauseInstanceOf(BrokenInvariantException.class);
        assertThat(counted).isEmpty();
    }

    @Test
    void wordOfALaterVersionIsRefusedAndNoPoison() {
        InboundCommand later = message("m1");
        later.setKind("message.sing");
        pipe(later);

        assertThat(outcomes()).extracting(CommandOutcome::getCode).containsExactly("INVALID_REQUEST");
        assertThat(deadLetters.isEmpty()).isTrue();
    }

    @Test
    void whatIsTooLargeEvenForADeadLetterLeavesItsBytesBehind() {
        inbound.pipeInput(KEY.toBytes(), new byte[4 << 20]);

        KeyValue<RawKey, DeadLetter> letter = deadLetters.readKeyValue();
        assertThat(letter.key).isNull();
        assertThat(letter.value.getCut()).isTrue();
        assertThat(letter.value.getValue()).isNull();
        assertThat(letter.value.getReason()).contains("4194307 bytes");
    }

    @Test
    void lettersOfABurstAreAllCountedInTheLog() {
        Logger logger = (Logger) LoggerFactory.getLogger(DeadLetters.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.setLevel(Level.WARN);
        logger.addAppender(log);
        try {
            for (int i = 0; i < 4; i++) {
                pipe(message("fails"));
            }
            driver.advanceWallClockTime(Duration.ofSeconds(2));
            driver.advanceWallClockTime(Duration.ofSeconds(2));
        } finally {
            logger.detachAppender(log);
            logger.setLevel(null);
        }

        assertThat(log.list).hasSize(2);
        assertThat(log.list.stream()
                        .mapToInt(line -> (int) line.getArgumentArray()[0])
                        .sum())
                .isEqualTo(4);
    }

    private void pipe(InboundCommand command) {
        inbound.pipeInput(KEY.toBytes(), bytes(command), NOON);
    }

    private List<CommandOutcome> outcomes() {
        TestOutputTopic<?, Delivery> topic = driver.createOutputTopic(
                TOPICS.deliveries().name(),
                TOPICS.deliveries().keys().deserializer(),
                TOPICS.deliveries().values().deserializer());
        return topic.readValuesToList().stream()
                .map(Delivery::getOutcome)
                .filter(Objects::nonNull)
                .toList();
    }

    private List<Long> numbers() {
        TestOutputTopic<?, TimelineEvent> topic = driver.createOutputTopic(
                TOPICS.messages().name(),
                TOPICS.messages().keys().deserializer(),
                TOPICS.messages().values().deserializer());
        return topic.readValuesToList().stream()
                .map(TimelineEvent::getSequenceNumber)
                .toList();
    }

    private static void isRefusal(CommandOutcome outcome) {
        assertThat(outcome.getStatus()).isEqualTo("rejected");
        assertThat(outcome.getCode()).isEqualTo("INVALID_REQUEST");
        assertThat(outcome.getOrigin()).isEqualTo(new CommandOrigin("gateway", "conn", 1L));
    }

    private static Poison changed(String field, Consumer<InboundCommand> change, boolean answered) {
        InboundCommand command = message("poison");
        change.accept(command);
        return new Poison("changed " + field, pair(KEY.toBytes(), bytes(command)), field + ": ", answered);
    }

    private static InboundCommand message(String messageId) {
        Message message = new Message(messageId, new Content("text", "hi", null, null, null), null, null, null);
        return new InboundCommand(
                "t",
                "c",
                "alice",
                "message.send",
                origin(),
                NOON,
                message,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                "member",
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private static CommandOrigin origin() {
        return new CommandOrigin("gateway", "conn", 1L);
    }

    private static InboundCommand create() {
        InboundCommand command = message("none");
        create(command, "group", "bob");
        return command;
    }

    private static void create(InboundCommand command, String type, String... others) {
        command.setKind("conversation.create");
        command.setMessage(null);
        command.setConversation(new CreateConversation(type, "name", List.of(others), null));
    }

    private static void members(InboundCommand command, String kind, @Nullable String role, String... userIds) {
        command.setKind(kind);
        command.setMembers(new ChangeMembers(List.of(userIds), role));
    }

    private static void receipt(InboundCommand command, @Nullable Long upToSequence, String... messageIds) {
        command.setKind("message.read");
        command.setMessage(null);
        command.setReceipt(new MarkReceipt(upToSequence, List.of(messageIds), null, null, null));
    }

    private static byte[] bytes(InboundCommand command) {
        return TOPICS.inbound().values().serializer().serialize("", command);
    }

    private static byte[] with(byte[] bytes, int at, int value) {
        byte[] changed = bytes.clone();
        changed[at] = (byte) value;
        return changed;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

package chat.milena.topology.delivery;

import static org.apache.kafka.streams.KeyValue.pair;
import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.schemas.avro.CommandOrigin;
import chat.milena.schemas.avro.CommandOutcome;
import chat.milena.schemas.avro.DeadLetter;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.FanoutEvent;
import chat.milena.schemas.avro.Participant;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.RawKey;
import chat.milena.schemas.key.ShardKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.streams.run.CommitPacing;
import chat.milena.streams.run.CommitWatch;
import chat.milena.streams.run.StoreDamage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every kind of record that the sequencer does not write, between events that it did.
class PoisonedEventsTest {
    private static final CommitPacing PACING = new CommitPacing(
            Duration.ofMillis(5), Duration.ofMillis(25), CommitWatch.of("test", new SimpleMeterRegistry()));
    private static final ConversationKey KEY = new ConversationKey("t", "c");
    private static final TopicCatalogue TOPICS =
            new TopicCatalogue(new Sizing(1, 1, 4, 1, 1, Duration.ofDays(30)), ShippedSchemas.load());

    @TempDir
    private Path stateFolder;

    private final List<String> counted = new ArrayList<>();
    private TopologyTestDriver driver;
    private TestInputTopic<byte[], byte[]> fanout;

    /// @param reason what the dead letter's reason begins with
    record Poison(String name, KeyValue<byte[], byte[]> record, String reason) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Poison> poisons() {
        byte[] key = KEY.toBytes();
        byte[] good = bytes(event(2));
        List<String> crowd =
                IntStream.rangeClosed(0, 10_000).mapToObj(i -> "u" + i).toList();
        return Stream.of(
                new Poison("no value", pair(key, null), "value: missing"),
                new Poison("no key", pair(null, good), "key: missing"),
                new Poison("junk key", pair(new byte[] {0}, good), "key: of another"),
                new Poison("junk value", pair(key, new byte[] {0, 0, 0, 0, 8, 1, 2, 3}), "value: Cannot read"),
                new Poison("truncated", pair(key, Arrays.copyOf(good, good.length - 3)), "value: Cannot read"),
                new Poison("too large", pair(key, new byte[(1 << 20) + 1]), "record: "),
                new Poison("other key", pair(new ConversationKey("t", "d").toBytes(), good), "key: of another"),
                changed("tenant", event -> event.getEvent().setTenant("")),
                changed("conversationId", event -> event.getEvent().setConversationId("c\0d")),
                changed("actorId", event -> event.getEvent().setActorId("a b")),
                changed("sequenceNumber", event -> event.getEvent().setSequenceNumber(0)),
                changed("timestamp", event -> event.getEvent().setTimestamp(Instant.ofEpochMilli(-1))),
                changed(
                        "participants",
                        event -> event.getEvent().setParticipants(List.of(new Participant("", "admin")))),
                changed("members", event -> event.setMembers(List.of("a", "/"))),
                changed("members", event -> event.setMembers(crowd)));
    }

    @BeforeEach
    void start() {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "poison-test");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, stateFolder.toString());
        driver = new TopologyTestDriver(
                FanoutTopology.build(
                        TOPICS, ShippedSchemas.load(), 100, PACING, counted::add, new StoreDamage(() -> {})),
                settings,
                Instant.EPOCH);
        fanout = driver.createInputTopic(TOPICS.fanout().name(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @ParameterizedTest
    @MethodSource("poisons")
    void poisonIsPutAsideAsItCameAndNobodyMissesAnEvent(Poison poison) {
        FanoutEvent first = event(1);
        first.setMembers(List.of("a", "b", "c"));
        pipe(first);
        fanout.pipeInput(poison.record().key, poison.record().value);
        pipe(event(2));

        KeyValue<RawKey, DeadLetter> letter = deadLetters().readKeyValue();
        assertThat(letter.value.getReason()).startsWith(poison.reason());
        assertThat(letter.value.getTopic()).isEqualTo("chat.fanout.v1");
        assertThat(letter.value.getOffset()).isEqualTo(1);
        assertThat(letter.key).isEqualTo(poison.record().key == null ? null : new RawKey(poison.record().key));
        assertThat(letter.value.getValue())
                .isEqualTo(poison.record().value == null ? null : ByteBuffer.wrap(poison.record().value));
        assertThat(counted).containsExactly("chat.fanout.v1");
        assertThat(numbersOf("a")).containsExactly(1L, 2L);
        assertThat(deadLetters().isEmpty()).isTrue();
    }

    @Test
    void eventOfAGroupThatNobodyKnowsIsPutAsideAndItsSenderAnswered() {
        FanoutEvent event = event(7);
        event.setOutcome(outcome(7));

        pipe(event);

        assertThat(deadLetters().readValue().getReason()).startsWith("members: ");
        assertThat(counted).containsExactly("chat.fanout.v1");
        assertThat(deliveries()).singleElement().satisfies(record -> {
            assertThat(record.key).isEqualTo(new UserKey("t", "a").shard(4));
            assertThat(record.value.getOutcome().getSequenceNumber()).isEqualTo(7);
            assertThat(record.value.getRecipients()).isEmpty();
        });
    }

    @Test
    void groupThatNobodyKnowsIsKnownAgainWithTheNextChangeOfItsMembers() {
        FanoutEvent removal = change("member.removed", "d", List.of("a", "b", "c"));
        pipe(event(7));
        pipe(removal);
        pipe(event(9));

        assertThat(deliveries())
                .flatExtracting(record -> record.value.getRecipients().stream()
                        .map(userId -> userId + record.value.getEvent().getSequenceNumber())
                        .toList())
                .containsExactlyInAnyOrder("a8", "b8", "c8", "d8", "a9", "b9", "c9");
    }

    @Test
    void changeOfMembersMendsWhatWasWrong() {
        FanoutEvent first = event(1);
        first.setMembers(List.of("a", "stranger"));
        pipe(first);
        pipe(change("member.added", "c", List.of("a", "b", "c")));
        deliveries();

        pipe(event(9));

        assertThat(deliveries())
                .flatExtracting(record -> record.value.getRecipients())
                .containsExactlyInAnyOrder("a", "b", "c");
    }

    private static FanoutEvent change(String kind, String userId, List<String> members) {
        FanoutEvent change = event(8);
        change.getEvent().setKind(kind);
        change.getEvent().setParticipants(List.of(new Participant(userId, "member")));
        change.setMembers(members);
        return change;
    }

    private static CommandOutcome outcome(long number) {
        CommandOutcome outcome = new CommandOutcome();
        outcome.setOrigin(new CommandOrigin("gateway", "conn", 1L));
        outcome.setStatus("accepted");
        outcome.setSequenceNumber(number);
        outcome.setTimestamp(Instant.EPOCH);
        return outcome;
    }

    private void pipe(FanoutEvent event) {
        fanout.pipeInput(KEY.toBytes(), bytes(event));
    }

    private TestOutputTopic<RawKey, DeadLetter> deadLetters() {
        return driver.createOutputTopic(
                TOPICS.deadLetters().name(),
                TOPICS.deadLetters().keys().deserializer(),
                TOPICS.deadLetters().values().deserializer());
    }

    private List<KeyValue<ShardKey, Delivery>> deliveries() {
        return driver.createOutputTopic(
                        TOPICS.deliveries().name(),
                        TOPICS.deliveries().keys().deserializer(),
                        TOPICS.deliveries().values().deserializer())
                .readKeyValuesToList();
    }

    private List<Long> numbersOf(String userId) {
        return deliveries().stream()
                .map(record -> record.value)
                .filter(delivery -> delivery.getRecipients().contains(userId))
                .map(delivery -> delivery.getEvent().getSequenceNumber())
                .toList();
    }

    private static Poison changed(String field, Consumer<FanoutEvent> change) {
        FanoutEvent event = event(2);
        change.accept(event);
        return new Poison("changed " + field, pair(KEY.toBytes(), bytes(event)), field + ": ");
    }

    private static FanoutEvent event(long number) {
        TimelineEvent event = new TimelineEvent();
        event.setActorKind("member");
        event.setTenant("t");
        event.setConversationId("c");
        event.setSequenceNumber(number);
        event.setTimestamp(Instant.EPOCH);
        event.setKind("message");
        event.setActorId("a");
        event.setParticipants(List.of());
        return new FanoutEvent(event, null, null, null, null, null);
    }

    private static byte[] bytes(FanoutEvent event) {
        return TOPICS.fanout().values().serializer().serialize("", event);
    }
}

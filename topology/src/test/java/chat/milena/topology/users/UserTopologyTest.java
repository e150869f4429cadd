package chat.milena.topology.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import chat.milena.conversation.person.BlockListRules;
import chat.milena.schemas.avro.Block;
import chat.milena.schemas.avro.ChangeBlock;
import chat.milena.schemas.avro.ChangeProfile;
import chat.milena.schemas.avro.ChangedBlock;
import chat.milena.schemas.avro.CommandOrigin;
import chat.milena.schemas.avro.CommandOutcome;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.User;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.MemberKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.topology.sequencer.SequencerConfig;
import chat.milena.topology.sequencer.TestSequencer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.TopologyTestDriver;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserTopologyTest {
    static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final ShippedSchemas IDS = ShippedSchemas.load();
    static final TopicCatalogue TOPICS = new TopicCatalogue(new Sizing(1, 1, 4, 1, 1, Duration.ofDays(30)), IDS);
    private static final UserKey ALICE = new UserKey("default", "alice");

    @TempDir
    private Path folder;

    private TopologyTestDriver driver;

    @BeforeEach
    void start() {
        driver = driver(folder);
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    static TopologyTestDriver driver(Path folder) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "sequencer");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
        return new TopologyTestDriver(topology(), settings, NOON);
    }

    private static Topology topology() {
        return TestSequencer.topology(
                TOPICS,
                IDS,
                new SequencerConfig(
                        10,
                        5,
                        4,
                        20,
                        Duration.ofDays(30),
                        Duration.ZERO,
                        SequencerConfig.DEVICE_LIFE,
                        SequencerConfig.EVIDENCE_KEEP));
    }

    private static InboundCommand command(String kind, @Nullable ChangeProfile profile) {
        InboundCommand command = new InboundCommand();
        command.setActorKind("member");
        command.setTenant("default");
        command.setConversationId("");
        command.setUserId("alice");
        command.setKind(kind);
        command.setOrigin(new CommandOrigin("gw", "rest", 7L));
        command.setAcceptedAt(NOON);
        command.setProfile(profile);
        return command;
    }

    private void pipe(UserKey key, InboundCommand command) {
        driver.createInputTopic(
                        TOPICS.userCommands().name(),
                        TOPICS.userCommands().keys().serializer(),
                        TOPICS.userCommands().values().serializer())
                .pipeInput(key, command);
    }

    private void pipe(InboundCommand command) {
        pipe(ALICE, command);
    }

    private <K extends LogKey, V extends SpecificRecord> List<V> written(TopicSpec<K, V> topic) {
        TestOutputTopic<K, V> output = driver.createOutputTopic(
                topic.name(), topic.keys().deserializer(), topic.values().deserializer());
        return output.readValuesToList();
    }

    @Test
    void profileIsPublishedAndOneDeliveryNotifiesAndAnswersItsUser() {
        pipe(command("user.profile", new ChangeProfile("Alice", null, "{}")));

        User alice = new User("default", "alice", "Alice", null, "{}", NOON, null);
        assertThat(written(TOPICS.users())).containsExactly(alice);
        assertThat(written(TOPICS.deliveries())).singleElement().satisfies(delivery -> {
            assertThat(delivery.getRecipients()).containsExactly("alice");
            assertThat(delivery.getUser()).isEqualTo(alice);
            assertThat(delivery.getOutcome().getStatus()).isEqualTo("accepted");
            assertThat(delivery.getOutcome().getOrigin().getCommandId()).isEqualTo(7);
        });
    }

    @Test
    void resentItIsAnsweredAsADuplicateAndNothingElseIsWritten() {
        pipe(command("user.profile", new ChangeProfile("Alice", null, null)));
        assertThat(written(TOPICS.users())).hasSize(1);
        assertThat(written(TOPICS.deliveries())).hasSize(1);
        driver.advanceWallClockTime(Duration.ofSeconds(9));
        pipe(command("user.profile", new ChangeProfile("Alice", null, null)));

        assertThat(written(TOPICS.users())).isEmpty();
        assertThat(written(TOPICS.deliveries())).singleElement().satisfies(delivery -> {
            assertThat(delivery.getRecipients()).isEmpty();
            assertThat(delivery.getOutcome().getStatus()).isEqualTo("duplicate");
            assertThat(delivery.getUser().getUpdatedAt()).isEqualTo(NOON);
        });
    }

    private static InboundCommand block(String blockedId, boolean blocked) {
        InboundCommand command = command("user.block", null);
        command.setBlock(new ChangeBlock(blockedId, blocked));
        return command;
    }

    @Test
    void blockIsPublishedPartsTheTwoAndReachesTheirDirectConversation() {
        pipe(block("bob", true));
        pipe(block("bob", true));

        assertThat(written(TOPICS.blocks())).containsExactly(new Block("default", "alice", "bob", NOON));
        ConversationKey direct = new ConversationKey("default", Ids.directConversation("default", "alice", "bob"));
        assertThat(driver.<MemberKey, Block>getKeyValueStore("block-marks").get(new MemberKey(direct, "alice")))
                .as("noted by the sequencer")
                .isNotNull();
        ChangedBlock changed = new ChangedBlock("alice", "bob", true);
        assertThat(written(TOPICS.deliveries()).stream()
                        .filter(delivery -> delivery.getConversationId().isEmpty()))
                .extracting(
                        Delivery::getBlock,
                        Delivery::getRecipients,
                        delivery -> delivery.getOutcome() == null
                                ? null
                                : delivery.getOutcome().getStatus())
                .containsExactly(
                        tuple(changed, List.of(), null),
                        tuple(changed, List.of("alice"), "accepted"),
                        tuple(null, List.of(), "duplicate"));

        pipe(block("bob", false));
        assertThat(written(TOPICS.blocks())).containsOnlyNulls();
        assertThat(driver.<MemberKey, Block>getKeyValueStore("block-marks").get(new MemberKey(direct, "alice")))
                .isNull();
    }

    @Test
    void moreBlocksThanTheBoundAreRefused() {
        for (int i = 0; i < BlockListRules.BLOCKS_MAX; i++) {
            pipe(block("u" + i, true));
        }
        written(TOPICS.deliveries());

        pipe(block("one-more", true));
        pipe(block("u0", true));
        pipe(block("u0", false));
        pipe(block("one-more", true));
        pipe(block("alice", true));

        assertThat(written(TOPICS.deliveries()).stream()
                        .filter(delivery -> delivery.getConversationId().isEmpty() && delivery.getOutcome() != null)
                        .map(Delivery::getOutcome))
                .extracting(CommandOutcome::getStatus, CommandOutcome::getCode)
                .containsExactly(
                        tuple("rejected", "TOO_LARGE"),
                        tuple("duplicate", null),
                        tuple("accepted", null),
                        tuple("accepted", null),
                        tuple("rejected", "INVALID_REQUEST"));
    }

    @Test
    void whatCannotBeHandledBecomesADeadLetterAndTheNextOneIsHandled() {
        pipe(command("user.profile", null));
        pipe(command("message.send", null));
        pipe(command("user.block", null));
        pipe(block("no id", true));
        pipe(new UserKey("default", "bob"), command("user.profile", new ChangeProfile("B", null, null)));
        driver.createInputTopic(TOPICS.userCommands().name(), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(ALICE.toBytes(), new byte[] {1, 2, 3});
        pipe(command("user.profile", new ChangeProfile("Alice", null, null)));

        assertThat(written(TOPICS.deadLetters()))
                .extracting(letter -> letter.getReason().split(" ", 2)[0])
                .containsExactly("profile:", "kind:", "block:", "block.userId:", "key:", "value:");
        assertThat(written(TOPICS.users())).extracting(User::getName).containsExactly("Alice");
        assertThat(written(TOPICS.deliveries()))
                .extracting(Delivery::getOutcome)
                .extracting(outcome -> outcome.getStatus())
                .containsExactly("rejected", "rejected", "rejected", "rejected", "rejected", "accepted");
    }

    @Test
    void commandOfALaterVersionIsAnsweredAsNotUnderstood() {
        pipe(command("user.something", null));

        assertThat(written(TOPICS.deadLetters())).isEmpty();
        assertThat(written(TOPICS.deliveries()))
                .singleElement()
                .satisfies(
                        delivery -> assertThat(delivery.getOutcome().getCode()).isEqualTo("INVALID_REQUEST"));
    }

    @Test
    void tasksOfConversationsKeepTheirNumber() {
        assertThat(topology().describe().subtopologies())
                .hasSize(2)
                .filteredOn(part -> part.id() == 0)
                .singleElement()
                .extracting(TopologyDescription.Subtopology::nodes)
                .asString()
                .contains(TOPICS.inbound().name());
    }
}

package chat.milena.topology.sequencer;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.schemas.avro.ChangeMembers;
import chat.milena.schemas.avro.CommandOrigin;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.CreateConversation;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.Introduction;
import chat.milena.schemas.avro.MarkReceipt;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.Receipt;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.MemberKey;
import chat.milena.schemas.key.ShardKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.ShippedSchemas;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Consumer;
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

/// What the sequencer keeps of receipts, and who is notified.
class ReceiptTopologyTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final ConversationKey KEY = new ConversationKey("t", "c");
    private static final int SHARDS = 16;
    private static final TopicCatalogue TOPICS =
            new TopicCatalogue(new Sizing(1, 1, SHARDS, 1, 1, Duration.ofDays(30)), ShippedSchemas.load());

    @TempDir
    private Path stateFolder;

    private TopologyTestDriver driver;
    private TestInputTopic<ConversationKey, InboundCommand> inbound;
    private TestOutputTopic<MemberKey, Receipt> receipts;
    private TestOutputTopic<ShardKey, Delivery> deliveries;

    @BeforeEach
    void start() {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "receipt-test");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, stateFolder.toString());
        SequencerConfig config = new SequencerConfig(
                6,
                5,
                4,
                10,
                Duration.ofDays(30),
                Duration.ZERO,
                SequencerConfig.DEVICE_LIFE,
                SequencerConfig.EVIDENCE_KEEP);
        driver = new TopologyTestDriver(TestSequencer.topology(TOPICS, ShippedSchemas.load(), config), settings, NOON);
        TopicSpec<ConversationKey, InboundCommand> topic = TOPICS.inbound();
        inbound = driver.createInputTopic(
                topic.name(), topic.keys().serializer(), topic.values().serializer());
        receipts = driver.createOutputTopic(
                TOPICS.receipts().name(),
                TOPICS.receipts().keys().deserializer(),
                TOPICS.receipts().values().deserializer());
        deliveries = driver.createOutputTopic(
                TOPICS.deliveries().name(),
                TOPICS.deliveries().keys().deserializer(),
                TOPICS.deliveries().values().deserializer());
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void messageMovesItsSendersWatermarksAndNobodyIsNotified() {
        create("bob");
        send("alice", "m1");

        KeyValue<MemberKey, Receipt> written = receipts.readKeyValue();
        assertThat(written.key).isEqualTo(new MemberKey(KEY, "alice"));
        assertThat(written.value).isEqualTo(new Receipt("t", "c", "alice", 2L, NOON, 2L, NOON, 0L, null));
        assertThat(receipts.isEmpty()).isTrue();
        assertThat(deliveries.readValuesToList())
                .extracting(Delivery::getReceipt)
                .containsOnlyNulls();
    }

    @Test
    void resentMessageMovesNothing() {
        create("bob");
        send("alice", "m1");
        send("alice", "m1");

        assertThat(receipts.readValuesToList()).hasSize(1);
    }

    @Test
    void deliveredIsShownToTheOthersAndAnsweredToItsUser() {
        create("bob", "carol");
        send("alice", "m1");
        drain();

        mark("bob", "message.delivered", 2L);

        assertThat(receipts.readValuesToList())
                .containsExactly(new Receipt("t", "c", "bob", 2L, NOON, 0L, null, 0L, null));
        List<KeyValue<ShardKey, Delivery>> delivered = deliveries.readKeyValuesToList();
        assertThat(recipients(delivered)).containsExactlyInAnyOrder("alice", "carol");
        assertThat(delivered)
                .allSatisfy(to -> assertThat(to.value.getRecipients())
                        .allMatch(user -> new UserKey("t", user).shard(SHARDS).equals(to.key)));
        assertThat(delivered)
                .filteredOn(to -> !to.value.getRecipients().isEmpty())
                .allSatisfy(to -> assertThat(to.value.getReceipt().toString())
                        .contains("\"userId\": \"bob\", \"kind\": \"delivered\", \"upToSequence\": 2")
                        .contains("\"deviceId\": \"phone\""));
        assertThat(outcomes(delivered)).containsExactly("accepted 2");
        assertThat(delivered)
                .filteredOn(to -> to.value.getOutcome() != null)
                .singleElement()
                .satisfies(to -> assertThat(to.key).isEqualTo(new UserKey("t", "bob").shard(SHARDS)));
    }

    @Test
    void readIsShownToAllItsOwnUserAmongThem() {
        create("bob", "carol");
        send("alice", "m1");
        drain();

        mark("bob", "message.read", 99L);

        assertThat(receipts.readValuesToList())
                .containsExactly(new Receipt("t", "c", "bob", 2L, NOON, 2L, NOON, 0L, null));
        List<KeyValue<ShardKey, Delivery>> delivered = deliveries.readKeyValuesToList();
        assertThat(recipients(delivered)).containsExactlyInAnyOrder("alice", "bob", "carol");
        assertThat(outcomes(delivered)).containsExactly("accepted 2");
    }

    @Test
    void untilTheirReaderJoinsInReceiptsGoToTheirOwnDevicesAlone() {
        create(false, "bob", "carol");
        send("alice", "m1");
        drain();

        mark("bob", "message.delivered", 2L);
        List<KeyValue<ShardKey, Delivery>> delivered = deliveries.readKeyValuesToList();
        mark("bob", "message.read", 2L);
        List<KeyValue<ShardKey, Delivery>> read = deliveries.readKeyValuesToList();

        assertThat(recipients(delivered)).isEmpty();
        assertThat(outcomes(delivered)).containsExactly("accepted 2");
        assertThat(recipients(read)).containsExactly("bob");
        assertThat(receipts.readValuesToList())
                .extracting(Receipt::getReadUpToSequence)
                .containsExactly(0L, 2L);
        send("bob", "m2");
        send("alice", "m3");
        drain();
        mark("bob", "message.read", 4L);
        assertThat(recipients(deliveries.readKeyValuesToList())).containsExactlyInAnyOrder("alice", "bob", "carol");
    }

    @Test
    void receiptsOfThoseWhoJoinedInAreShownAlsoToThoseWhoDidNot() {
        create(false, "bob");
        send("bob", "m1");
        drain();

        mark("alice", "message.read", 2L);

        assertThat(recipients(deliveries.readKeyValuesToList())).containsExactlyInAnyOrder("alice", "bob");
    }

    @Test
    void whatIsNoNewsIsAnsweredAloneAndWritesNothing() {
        create("bob");
        send("alice", "m1");
        mark("bob", "message.read", 2L);
        drain();

        mark("bob", "message.read", 1L);
        mark("bob", "message.delivered", 2L);
        mark("alice", "message.read", 2L);

        assertThat(receipts.isEmpty()).isTrue();
        List<KeyValue<ShardKey, Delivery>> delivered = deliveries.readKeyValuesToList();
        assertThat(recipients(delivered)).isEmpty();
        assertThat(outcomes(delivered)).containsExactly("duplicate 2", "duplicate 2", "duplicate 2");
    }

    @Test
    void receiptTakesNoNumber() {
        create("bob");
        mark("bob", "message.read", 1L);
        send("alice", "m1");

        assertThat(outcomes(deliveries.readKeyValuesToList()))
                .containsExactly("accepted 1", "accepted 1", "accepted 2");
    }

    @Test
    void messagesStandForTheirNumbersAndThoseUnknownForNothing() {
        create("bob");
        send("alice", "m1");
        send("alice", "m2");
        send("alice", "m3");
        drain();

        mark("bob", "message.delivered", null, "m2", "nowhere", "m1");
        mark("bob", "message.delivered", null, "nowhere");
        mark("bob", "message.delivered", 4L, "m4");

        assertThat(receipts.readValuesToList())
                .extracting(Receipt::getDeliveredUpToSequence)
                .containsExactly(3L, 4L);
        List<KeyValue<ShardKey, Delivery>> delivered = deliveries.readKeyValuesToList();
        assertThat(outcomes(delivered)).containsExactly("accepted 3", "rejected MESSAGE_NOT_FOUND", "accepted 4");
        assertThat(delivered)
                .filteredOn(to -> to.value.getRecipients().equals(List.of("alice")))
                .extracting(to -> to.value.getReceipt().getMessageIds())
                .containsExactly(List.of("m2", "m1"), List.of());
    }

    @Test
    void outsidersAreRefusedAndLeaveNothing() {
        create("bob");
        drain();

        mark("mallory", "message.read", 1L);
        pipe("other", "alice", command -> {
            command.setKind("message.read");
            command.setReceipt(new MarkReceipt(1L, List.of(), null, null, null));
        });

        assertThat(receipts.isEmpty()).isTrue();
        assertThat(outcomes(deliveries.readKeyValuesToList()))
                .containsExactly("rejected FORBIDDEN", "rejected CONVERSATION_NOT_FOUND");
    }

    @Test
    void whoLeavesIsForgottenAndStartsAgainFromNowhere() {
        create("bob");
        send("bob", "m1");
        drain();

        change("member.remove", "bob");

        KeyValue<MemberKey, Receipt> tombstone = receipts.readKeyValue();
        assertThat(tombstone.key).isEqualTo(new MemberKey(KEY, "bob"));
        assertThat(tombstone.value).isNull();
        assertThat(receipts.readKeyValue())
                .isEqualTo(new KeyValue<>(
                        new MemberKey(KEY, ""), new Receipt("t", "c", "", 2L, null, 2L, null, 1L, null)));
        change("member.add", "bob");
        mark("bob", "message.read", 1L);
        assertThat(receipts.readValue().getReadUpToSequence()).isEqualTo(1);
    }

    @Test
    void whatThoseWhoLeftHadReadIsKeptOfAllOfThemTogether() {
        create("bob", "carol", "dave");
        send("alice", "m1");
        mark("bob", "message.delivered", 2L);
        mark("carol", "message.read", 2L);
        drain();

        change("member.remove", "dave");
        assertThat(receipts.readValuesToList()).containsOnlyNulls();
        change("member.remove", "bob");
        assertThat(receipts.readValuesToList()).contains(new Receipt("t", "c", "", 2L, null, 0L, null, 1L, null));
        change("member.remove", "carol");
        assertThat(receipts.readValuesToList()).contains(new Receipt("t", "c", "", 2L, null, 2L, null, 1L, null));
    }

    @Test
    void leavingShowsNothingOfWhoNeverJoinedIn() {
        create(false, "bob");
        send("alice", "m1");
        mark("bob", "message.read", 2L);
        drain();

        change("member.remove", "bob");

        assertThat(receipts.readValuesToList()).containsOnlyNulls();
    }

    @Test
    void inALargeGroupWhereNobodyWroteOnlyOnesOwnDevicesAreNotified() {
        create("bob", "carol", "dave", "erin");
        drain();

        mark("bob", "message.delivered", 1L);
        mark("bob", "message.read", 1L);

        List<KeyValue<ShardKey, Delivery>> delivered = deliveries.readKeyValuesToList();
        assertThat(delivered).hasSize(2);
        assertThat(delivered).extracting(to -> to.key).containsOnly(new UserKey("t", "bob").shard(SHARDS));
        assertThat(recipients(delivered)).containsExactly("bob");
        assertThat(delivered.getLast().value.getReceipt().getKind()).isEqualTo("read");
        assertThat(outcomes(delivered)).containsExactly("accepted 1", "accepted 1");
        assertThat(receipts.readValuesToList()).hasSize(2);
    }

    @Test
    void inALargeGroupTheSendersOfWhatWasReadAreNotified() {
        create("bob", "carol", "dave", "erin");
        send("alice", "m1");
        send("carol", "m2");
        send("dave", "m3");
        drain();

        mark("bob", "message.delivered", 4L);
        assertThat(recipients(deliveries.readKeyValuesToList())).isEmpty();
        mark("bob", "message.read", 3L);
        assertThat(recipients(deliveries.readKeyValuesToList())).containsExactlyInAnyOrder("alice", "bob", "carol");
        mark("bob", "message.read", 4L);
        assertThat(recipients(deliveries.readKeyValuesToList())).containsExactlyInAnyOrder("bob", "dave");
        change("member.remove", "carol");
        drain();
        mark("erin", "message.read", 4L);
        assertThat(recipients(deliveries.readKeyValuesToList()))
                .as("all of them again, now that only four are left")
                .containsExactlyInAnyOrder("alice", "bob", "dave", "erin");
    }

    @Test
    void storeHoldsWhatTheTopicSays() {
        create("bob");
        send("alice", "m1");
        mark("bob", "message.read", 2L);
        mark("alice", "message.read", 1L);

        KeyValueStore<MemberKey, Receipt> store = driver.getKeyValueStore(SequencerStores.RECEIPTS);
        receipts.readKeyValuesToList()
                .forEach(written -> assertThat(store.get(written.key)).isEqualTo(written.value));
        assertThat(store.get(new MemberKey(KEY, "bob")).getReadUpToSequence()).isEqualTo(2);
    }

    private void drain() {
        receipts.readKeyValuesToList();
        deliveries.readKeyValuesToList();
    }

    private void create(String... others) {
        create(true, others);
    }

    /// @param accepted whether all have joined in
    private void create(boolean accepted, String... others) {
        pipe("t", "alice", command -> {
            command.setKind("conversation.create");
            command.setConversation(new CreateConversation("group", "name", List.of(others), null));
            command.setIntroduction(new Introduction(accepted, List.of()));
        });
    }

    private void send(String user, String messageId) {
        pipe("t", user, command -> {
            command.setKind("message.send");
            command.setMessage(new Message(messageId, new Content("text", "hi", null, null, null), null, null, null));
        });
    }

    private void change(String kind, String member) {
        pipe("t", "alice", command -> {
            command.setKind(kind);
            command.setMembers(new ChangeMembers(List.of(member), null));
        });
    }

    private void mark(String user, String kind, @Nullable Long upToSequence, String... messageIds) {
        pipe("t", user, command -> {
            command.setKind(kind);
            command.setReceipt(new MarkReceipt(upToSequence, List.of(messageIds), null, null, "phone"));
        });
    }

    private void pipe(String tenant, String user, Consumer<InboundCommand> fill) {
        InboundCommand command = new InboundCommand();
        command.setActorKind("member");
        command.setTenant(tenant);
        command.setConversationId("c");
        command.setUserId(user);
        command.setOrigin(new CommandOrigin("gateway", "conn", 1L));
        command.setAcceptedAt(NOON);
        fill.accept(command);
        inbound.pipeInput(new ConversationKey(tenant, "c"), command);
    }

    private static List<String> recipients(List<KeyValue<ShardKey, Delivery>> delivered) {
        return delivered.stream()
                .flatMap(to -> to.value.getRecipients().stream())
                .toList();
    }

    private static List<String> outcomes(List<KeyValue<ShardKey, Delivery>> delivered) {
        return delivered.stream()
                .map(to -> to.value.getOutcome())
                .filter(Objects::nonNull)
                .map(outcome -> outcome.getStatus() + " "
                        + (outcome.getCode() == null ? outcome.getSequenceNumber() : outcome.getCode()))
                .toList();
    }
}

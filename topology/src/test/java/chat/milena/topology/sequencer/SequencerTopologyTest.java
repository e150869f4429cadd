package chat.milena.topology.sequencer;

import static chat.milena.topology.Approved.assertApproved;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import chat.milena.schemas.avro.ChangeMembers;
import chat.milena.schemas.avro.ChangeMessage;
import chat.milena.schemas.avro.CommandOrigin;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.CreateConversation;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.MessageReference;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.EventKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.MemberKey;
import chat.milena.schemas.key.ShardKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.topology.WriteSide;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SequencerTopologyTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Sizing SIZING = new Sizing(1, 4, 16, 1, 1, Duration.ofDays(30));

    private final ShippedSchemas ids = ShippedSchemas.load();
    private final TopicCatalogue topics = new TopicCatalogue(SIZING, ids);

    @TempDir
    private Path stateFolder;

    private TopologyTestDriver driver;
    private TestInputTopic<ConversationKey, InboundCommand> inbound;
    private TestOutputTopic<EventKey, TimelineEvent> messages;
    private TestOutputTopic<ShardKey, Delivery> deliveries;
    private long commandId;

    @BeforeEach
    void start() {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "sequencer-test");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, stateFolder.toString());
        driver = new TopologyTestDriver(topology(), settings, NOON);
        inbound = driver.createInputTopic(
                topics.inbound().name(),
                topics.inbound().keys().serializer(),
                topics.inbound().values().serializer());
        messages = output(topics.messages());
        deliveries = output(topics.deliveries());
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void descriptionIsTheApprovedOne() throws IOException {
        assertApproved(topology(), "sequencer-topology.txt");
    }

    @Test
    void allThatItReadsIsPermitted() {
        TopologyDescription description = topology().describe();
        Stream<Set<String>> sources = Stream.concat(
                description.subtopologies().stream()
                        .flatMap(part -> part.nodes().stream())
                        .filter(TopologyDescription.Source.class::isInstance)
                        .map(node -> ((TopologyDescription.Source) node).topicSet()),
                description.globalStores().stream().map(store -> store.source().topicSet()));

        assertThat(WriteSide.sequencerAccess(topics).reads())
                .containsAll(sources.flatMap(Set::stream).toList())
                .contains(topics.bans().name());
    }

    @Test
    void creationIsNumberOneAndGoesToEveryMember() {
        pipe("alice", create("group", "bob", "carol"));

        KeyValue<EventKey, TimelineEvent> event = messages.readKeyValue();
        assertThat(event.key).isEqualTo(new EventKey(new ConversationKey("t", "c"), 1));
        assertThat(event.value.getKind()).isEqualTo("conversation.created");
        List<Delivery> delivered = deliveries.readValuesToList();
        assertThat(delivered)
                .flatExtracting(Delivery::getRecipients)
                .containsExactlyInAnyOrder("alice", "bob", "carol");
        assertThat(delivered)
                .allSatisfy(delivery ->
                        assertThat(delivery.getConversation().getMemberCount()).isEqualTo(3));
        assertThat(outcomes(delivered)).containsExactly("accepted 1");
    }

    @Test
    void editOverwritesTheMessageBeforeItsEventWhichHoldsNoBody() {
        pipe("alice", create("group", "bob"));
        pipe("alice", message("m1"));
        messages.readValuesToList();
        deliveries.readValuesToList();

        change(
                "alice",
                "message.edit",
                new ChangeMessage("m1", new Content("text", "two", null, null, null), 0L, null, null, false));

        List<KeyValue<EventKey, TimelineEvent>> records = messages.readKeyValuesToList();
        assertThat(records).extracting(record -> record.key.sequenceNumber()).containsExactly(2L, 3L);
        TimelineEvent overwritten = records.getFirst().value;
        assertThat(overwritten.getMessage().getContent().getText()).isEqualTo("two");
        assertThat(overwritten.getRevision()).isEqualTo(1);
        assertThat(overwritten.getMessageOrdinal()).isEqualTo(1);
        assertThat(overwritten.getTimestamp()).isEqualTo(NOON);
        TimelineEvent event = records.getLast().value;
        assertThat(event.getKind()).isEqualTo("message.edited");
        assertThat(event.getMessage()).isNull();
        assertThat(event.getChange().getTargetSequence()).isEqualTo(2);
        assertThat(deliveries.readValuesToList())
                .allSatisfy(delivery ->
                        assertThat(delivery.getContent().getContent().getText()).isEqualTo("two"))
                .extracting(Delivery::getOutcome)
                .filteredOn(Objects::nonNull)
                .singleElement()
                .satisfies(outcome -> assertThat(outcome.getRevision()).isEqualTo(1));
    }

    @Test
    void quoteOutlivesEditAndDeletionOfItsMessage() {
        pipe("alice", create("group", "bob"));
        pipe("alice", message("m1"));
        Message quoting = message("m2");
        quoting.setReplyTo(new MessageReference("m1", 0L));
        pipe("bob", quoting);
        messages.readValuesToList();

        change(
                "bob",
                "message.edit",
                new ChangeMessage("m2", new Content("text", "two", null, null, null), null, null, null, false));
        change("bob", "message.delete", new ChangeMessage("m2", null, null, null, null, false));

        assertThat(messages.readValuesToList())
                .filteredOn(event -> event.getMessage() != null)
                .hasSize(2)
                .allSatisfy(
                        event -> assertThat(event.getMessage().getReplyTo()).isEqualTo(new MessageReference("m1", 2L)));
    }

    @Test
    void deletionLeavesNoContentAndItsResendsAreDuplicates() {
        pipe("alice", create("group", "bob"));
        pipe("alice", message("m1"));
        change(
                "alice",
                "message.edit",
                new ChangeMessage("m1", new Content("text", "two", null, null, null), null, null, null, false));
        messages.readValuesToList();
        deliveries.readValuesToList();

        change("alice", "message.delete", new ChangeMessage("m1", null, null, "mistake", null, false));
        change("alice", "message.delete", new ChangeMessage("m1", null, null, null, null, false));
        change(
                "alice",
                "message.edit",
                new ChangeMessage("m1", new Content("text", "two", null, null, null), null, null, null, false));

        List<TimelineEvent> records = messages.readValuesToList();
        assertThat(records).extracting(TimelineEvent::getSequenceNumber).containsExactly(2L, 4L);
        assertThat(records.getFirst().getMessage().getContent())
                .isEqualTo(new Content("deleted", null, null, null, null));
        assertThat(records.getFirst().getDeletedBy()).isEqualTo("alice");
        assertThat(records.getLast().getDeletedOrdinal()).isEqualTo(1);
        assertThat(outcomes(deliveries.readValuesToList()))
                .containsExactly("accepted 4", "duplicate 4", "rejected MESSAGE_NOT_FOUND");
    }

    private void change(String user, String kind, ChangeMessage change) {
        InboundCommand command = command("t", user, message("none"));
        command.setKind(kind);
        command.setMessage(null);
        command.setChange(change);
        inbound.pipeInput(new ConversationKey("t", "c"), command);
    }

    @Test
    void eventSaysAsWhatItsActorActed() {
        pipe("alice", create("group", "bob"));
        InboundCommand send = command("t", "bob", message("m1"));
        send.setActorKind("moderator");
        inbound.pipeInput(new ConversationKey("t", "c"), send);

        assertThat(messages.readValuesToList())
                .extracting(TimelineEvent::getActorId, TimelineEvent::getActorKind)
                .containsExactly(tuple("alice", "member"), tuple("bob", "moderator"));
    }

    @Test
    void creationWritesTheStateTopics() {
        pipe("alice", create("group", "bob"));

        assertThat(output(topics.conversations()).readValuesToList())
                .singleElement()
                .satisfies(conversation ->
                        assertThat(conversation.getMemberCount()).isEqualTo(2));
        assertThat(output(topics.members()).readKeyValuesToList())
                .extracting(record -> record.key)
                .containsExactly(
                        new MemberKey(new ConversationKey("t", "c"), "alice"),
                        new MemberKey(new ConversationKey("t", "c"), "bob"));
        assertThat(output(topics.memberships()).readValuesToList()).hasSize(2);
    }

    @Test
    void everyRecipientIsInTheirOwnShardAndOnlyTheSendersHasTheOutcome() {
        pipe("alice", create("group", "bob", "carol", "dave", "erin"));
        deliveries.readValuesToList();

        pipe("bob", message("m1"));

        List<KeyValue<ShardKey, Delivery>> delivered = deliveries.readKeyValuesToList();
        assertThat(delivered)
                .allSatisfy(record -> assertThat(record.value.getRecipients())
                        .allMatch(user -> new UserKey("t", user).shard(16).equals(record.key)));
        assertThat(delivered)
                .filteredOn(record -> record.value.getOutcome() != null)
                .singleElement()
                .satisfies(record -> assertThat(record.key).isEqualTo(new UserKey("t", "bob").shard(16)));
        assertThat(delivered)
                .extracting(record -> record.value.getEvent().getSequenceNumber())
                .containsOnly(2L);
    }

    @Test
    void removedMemberIsNotifiedAndGetsNothingAfter() {
        pipe("alice", create("group", "bob", "carol"));
        deliveries.readValuesToList();

        pipe("alice", new ChangeMembers(List.of("bob"), null));
        pipe("alice", message("m1"));

        List<Delivery> delivered = deliveries.readValuesToList();
        assertThat(recipientsOf(delivered, 2)).containsExactlyInAnyOrder("alice", "bob", "carol");
        assertThat(recipientsOf(delivered, 3)).containsExactlyInAnyOrder("alice", "carol");
        assertThat(output(topics.memberships()).readKeyValuesToList())
                .filteredOn(record -> record.value == null)
                .singleElement()
                .satisfies(record -> assertThat(record.key.user().userId()).isEqualTo("bob"));
    }

    @Test
    void leavingAdminHandsOverInTheSameTransactionUnderTheNextNumber() {
        pipe("alice", create("group", "bob", "carol"));
        deliveries.readValuesToList();

        pipe("alice", new ChangeMembers(List.of("alice"), null));

        List<Delivery> delivered = deliveries.readValuesToList();
        assertThat(outcomes(delivered)).containsExactly("accepted 2");
        assertThat(recipientsOf(delivered, 3)).containsExactlyInAnyOrder("bob", "carol");
        assertThat(messages.readValuesToList())
                .extracting(TimelineEvent::getKind)
                .containsExactly("conversation.created", "member.removed", "role.changed");
    }

    @Test
    void resendAnswersTheSenderAloneWithTheFirstNumberAndTime() {
        pipe("alice", create("direct", "bob"));
        pipe("alice", message("m1"));
        pipe("alice", message("m2"));
        messages.readValuesToList();
        deliveries.readValuesToList();
        driver.advanceWallClockTime(Duration.ofDays(20));

        pipe("alice", message("m1"));

        assertThat(messages.isEmpty()).isTrue();
        Delivery answer = deliveries.readValue();
        assertThat(answer.getEvent()).isNull();
        assertThat(answer.getRecipients()).isEmpty();
        assertThat(answer.getOutcome().getStatus()).isEqualTo("duplicate");
        assertThat(answer.getOutcome().getSequenceNumber()).isEqualTo(2);
        assertThat(answer.getOutcome().getTimestamp()).isEqualTo(NOON);
        assertThat(deliveries.isEmpty()).isTrue();
    }

    @Test
    void refusedMessageLeavesItsIdFree() {
        pipe("alice", message("m1"));
        pipe("alice", create("direct", "bob"));
        pipe("alice", message("m1"));

        assertThat(outcomes(deliveries.readValuesToList()))
                .containsExactly("rejected CONVERSATION_NOT_FOUND", "accepted 1", "accepted 2");
    }

    @Test
    void sameIdsOfAnotherTenantMeetNothing() {
        pipe("alice", create("group", "bob"));
        pipe("alice", message("m1"));

        pipe("other", "alice", message("m1"));

        assertThat(outcomes(deliveries.readValuesToList()))
                .containsExactly("accepted 1", "accepted 2", "rejected CONVERSATION_NOT_FOUND");
    }

    @Test
    void conversationsDroppedFromMemoryAreReadAgainFromTheStores() {
        pipe("alice", create("group", "bob", "carol"));
        pipe("alice", message("m1"));
        for (int i = 0; i < 10; i++) {
            pipe("t", "alice", create("group", "bob", "carol"), "filler-" + i);
        }
        deliveries.readValuesToList();

        pipe("carol", message("m2"));

        List<Delivery> delivered = deliveries.readValuesToList();
        assertThat(outcomes(delivered)).containsExactly("accepted 3");
        assertThat(delivered)
                .flatExtracting(Delivery::getRecipients)
                .containsExactlyInAnyOrder("alice", "bob", "carol");
    }

    @Test
    void unknownKindOfCommandIsRefused() {
        InboundCommand command = command("t", "alice", message("m1"));
        command.setKind("message.sing");

        inbound.pipeInput(new ConversationKey("t", "c"), command);

        assertThat(outcomes(deliveries.readValuesToList())).containsExactly("rejected INVALID_REQUEST");
    }

    private Topology topology() {
        SequencerConfig config = new SequencerConfig(
                6,
                6,
                5,
                10,
                SIZING.messageRetention(),
                Duration.ZERO,
                SequencerConfig.DEVICE_LIFE,
                SequencerConfig.EVIDENCE_KEEP);
        return TestSequencer.topology(topics, ids, config);
    }

    private <K extends LogKey, V extends SpecificRecord> TestOutputTopic<K, V> output(TopicSpec<K, V> topic) {
        return driver.createOutputTopic(
                topic.name(), topic.keys().deserializer(), topic.values().deserializer());
    }

    private void pipe(String user, SpecificRecord section) {
        pipe("t", user, section);
    }

    private void pipe(String tenant, String user, SpecificRecord section) {
        pipe(tenant, user, section, "c");
    }

    private void pipe(String tenant, String user, SpecificRecord section, String conversationId) {
        InboundCommand command = command(tenant, user, section);
        command.setConversationId(conversationId);
        inbound.pipeInput(new ConversationKey(tenant, conversationId), command);
    }

    private InboundCommand command(String tenant, String user, SpecificRecord section) {
        commandId++;
        CommandOrigin origin = new CommandOrigin("gateway", "conn", commandId);
        return switch (section) {
            case Message message ->
                new InboundCommand(
                        tenant,
                        "c",
                        user,
                        "message.send",
                        origin,
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
            case CreateConversation create ->
                new InboundCommand(
                        tenant,
                        "c",
                        user,
                        "conversation.create",
                        origin,
                        NOON,
                        null,
                        create,
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
            case ChangeMembers members ->
                new InboundCommand(
                        tenant,
                        "c",
                        user,
                        "member.remove",
                        origin,
                        NOON,
                        null,
                        null,
                        members,
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
            default -> throw new IllegalArgumentException("No section " + section.getSchema());
        };
    }

    private static CreateConversation create(String type, String... others) {
        return new CreateConversation(type, "name", List.of(others), null);
    }

    private static Message message(String messageId) {
        return new Message(messageId, new Content("text", "hi", null, null, null), null, null, null);
    }

    private static List<String> recipientsOf(List<Delivery> deliveries, long sequenceNumber) {
        return deliveries.stream()
                .filter(delivery -> delivery.getEvent().getSequenceNumber() == sequenceNumber)
                .flatMap(delivery -> delivery.getRecipients().stream())
                .toList();
    }

    private static List<String> outcomes(List<Delivery> deliveries) {
        return deliveries.stream()
                .map(Delivery::getOutcome)
                .filter(Objects::nonNull)
                .map(outcome -> outcome.getStatus() + " "
                        + (outcome.getCode() == null ? outcome.getSequenceNumber() : outcome.getCode()))
                .toList();
    }
}

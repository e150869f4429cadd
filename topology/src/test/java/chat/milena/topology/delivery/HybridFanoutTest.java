package chat.milena.topology.delivery;

import static chat.milena.topology.Approved.assertApproved;
import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.schemas.avro.ChangeMembers;
import chat.milena.schemas.avro.ChangeMessage;
import chat.milena.schemas.avro.CommandOrigin;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.avro.CreateConversation;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.FanoutEvent;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.Participant;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.ShardKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.AcceptedAt;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.streams.run.CommitPacing;
import chat.milena.streams.run.StoreDamage;
import chat.milena.topology.sequencer.SequencerConfig;
import chat.milena.topology.sequencer.TestSequencer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The sequencer and the fanout application together, the latter as far behind as chance wills: whatever path an event
/// takes, every member gets, in the order of the log, just what happened from the event that brought them in to the one
/// that took them out.
class HybridFanoutTest {
    private static final CommitPacing PACING = TestSequencer.pacing();
    private static final int LARGE_FROM = 5;
    private static final List<String> USERS = List.of("a", "b", "c", "d", "e", "f", "g", "h");

    private final ShippedSchemas ids = ShippedSchemas.load();
    private final TopicCatalogue topics = new TopicCatalogue(new Sizing(1, 1, 4, 1, 1, Duration.ofDays(30)), ids);

    @TempDir
    private Path stateFolder;

    private TopologyTestDriver sequencer;
    private TopologyTestDriver fanout;
    private TestInputTopic<ConversationKey, InboundCommand> inbound;
    private TestInputTopic<ConversationKey, FanoutEvent> expanded;
    private TestOutputTopic<ConversationKey, FanoutEvent> large;
    private final Deque<TestRecord<ConversationKey, FanoutEvent>> behind = new ArrayDeque<>();
    private final List<Delivery> delivered = new ArrayList<>();
    private final List<Long> accepted = new ArrayList<>();
    private Instant now = Instant.EPOCH;
    private int sentDirectly;
    private long commands;

    @BeforeEach
    void start() {
        SequencerConfig config = new SequencerConfig(
                USERS.size(),
                LARGE_FROM,
                LARGE_FROM - 1,
                USERS.size(),
                Duration.ofDays(30),
                Duration.ZERO,
                SequencerConfig.DEVICE_LIFE,
                SequencerConfig.EVIDENCE_KEEP);
        sequencer = driver("sequencer", TestSequencer.topology(topics, ids, config));
        fanout = driver(
                "fanout",
                FanoutTopology.build(topics, ids, USERS.size(), PACING, topic -> {}, new StoreDamage(() -> {})));
        inbound = input(sequencer, topics.inbound());
        expanded = input(fanout, topics.fanout());
        large = output(sequencer, topics.fanout());
    }

    @AfterEach
    void stop() {
        sequencer.close();
        fanout.close();
    }

    @RepeatedTest(15)
    void nothingOvertakesWhereAGroupBecomesLargeAndSmallAgain() {
        long seed = Long.getLong("milena.seed", System.nanoTime());
        Random random = new Random(seed);
        pipe("a", new CreateConversation("group", "g", List.of("b", "c"), null));
        pipe("a", message("while small"));
        for (int i = 0; i < 150; i++) {
            String member = USERS.get(random.nextInt(USERS.size()));
            switch (random.nextInt(6)) {
                case 0, 1 -> pipe("a", new ChangeMembers(List.of(member), "add"));
                // Without its only admin the group would stay as it is.
                case 2 -> pipe("a", new ChangeMembers(List.of(member.equals("a") ? "b" : member), "remove"));
                default -> pipe(member, message("m" + i));
            }
            if (random.nextInt(3) == 0) {
                expandBehind();
            }
        }
        expandBehind();

        assertThat(numbersByMember()).as("seed %d", seed).isEqualTo(owedByMember());
        assertThat(sentDirectly).as("by the sequencer, seed %d", seed).isGreaterThan(1);
        assertThat(delivered).as("in all, seed %d", seed).hasSizeGreaterThan(sentDirectly + 10);
    }

    @Test
    void eventsOfALargeGroupLeaveTheSequencerUnexpanded() {
        pipe("a", new CreateConversation("group", "g", List.of("b", "c", "d", "e"), null));
        pipe("a", message("m1"));

        assertThat(delivered).isEmpty();
        assertThat(behind).extracting(record -> record.value().getMembers()).containsExactly(USERS.subList(0, 5), null);
        expandBehind();
        assertThat(delivered).flatExtracting(Delivery::getRecipients).hasSize(10);
        assertThat(delivered)
                .extracting(Delivery::getOutcome)
                .filteredOn(Objects::nonNull)
                .extracting(outcome -> outcome.getSequenceNumber())
                .containsExactly(1L, 2L);
    }

    @Test
    void deliveriesOfEitherPathSayWhenTheirCommandWasTaken() {
        now = Instant.ofEpochMilli(1_000);
        pipe("a", new CreateConversation("group", "small", List.of("b"), null));
        assertThat(accepted).isNotEmpty().containsOnly(1_000L);
        accepted.clear();

        pipe("a", new CreateConversation("group", "g", List.of("b", "c", "d", "e"), null), "large");
        now = Instant.ofEpochMilli(2_000);
        pipe("a", message("m1"), "large");
        expandBehind();

        assertThat(accepted).contains(1_000L, 2_000L).containsOnly(1_000L, 2_000L);
    }

    @Test
    void everyChangeOfMembersNamesAllWhoAreInAndNothingElseDoes() {
        pipe("a", new CreateConversation("group", "g", List.of("b", "c", "d", "e"), null));
        pipe("a", new ChangeMembers(List.of("f"), "add"));
        pipe("a", message("m1"));
        pipe("a", new ChangeMembers(List.of("b"), "remove"));
        // The last admin's leaving makes an admin of the next, which changes no membership.
        pipe("a", new ChangeMembers(List.of("a"), "remove"));

        assertThat(behind)
                .extracting(record -> record.value().getMembers())
                .containsExactly(
                        List.of("a", "b", "c", "d", "e"),
                        List.of("a", "b", "c", "d", "e", "f"),
                        null,
                        List.of("a", "c", "d", "e", "f"),
                        List.of("c", "d", "e", "f"),
                        null);
    }

    @Test
    void groupThatWasOnceLargeStaysOnThatPath() {
        pipe("a", new CreateConversation("group", "g", List.of("b", "c", "d", "e"), null));
        for (String leaver : List.of("b", "c", "d")) {
            pipe(leaver, new ChangeMembers(List.of(leaver), "remove"));
        }
        behind.clear();

        pipe("a", message("m1"));

        assertThat(delivered).isEmpty();
        assertThat(behind).hasSize(1);
    }

    @Test
    void fanoutReadsItsAudiencesAgainAfterTheyLeftMemory() {
        pipe("a", new CreateConversation("group", "g", List.of("b", "c", "d", "e"), null));
        pipe("a", new CreateConversation("group", "g", List.of("b", "c", "d", "e"), null), "other");
        expandBehind();
        delivered.clear();

        pipe("e", message("m1"));
        expandBehind();

        assertThat(delivered)
                .flatExtracting(Delivery::getRecipients)
                .containsExactlyInAnyOrder("a", "b", "c", "d", "e");
    }

    @Test
    void contentOfAnEditGoesToThoseWhoMayReadTheMessage() {
        ConversationSettings closed = new ConversationSettings(false, false, false, false, 0, false);
        pipe("a", new CreateConversation("group", "g", List.of("b", "c", "d", "e"), closed));
        pipe("a", message("m1"));
        pipe("a", new ChangeMembers(List.of("f"), "add"));
        expandBehind();
        delivered.clear();

        pipe("a", new ChangeMessage("m1", new Content("text", "edited", null, null, null), null, null, null, false));
        expandBehind();

        assertThat(delivered).flatExtracting(Delivery::getRecipients).hasSize(6);
        assertThat(delivered).allSatisfy(delivery -> {
            assertThat(delivery.getEvent().getMessage()).isNull();
            assertThat(delivery.getContent().getContent().getText()).isEqualTo("edited");
        });
        assertThat(delivered)
                .flatExtracting(delivery -> delivery.getContent().getWithoutIt())
                .containsExactly("f");
    }

    @Test
    void descriptionIsTheApprovedOne() throws IOException {
        assertApproved(
                FanoutTopology.build(topics, ids, USERS.size(), PACING, topic -> {}, new StoreDamage(() -> {})),
                "fanout-topology.txt");
    }

    private void expandBehind() {
        while (!behind.isEmpty()) {
            expanded.pipeInput(behind.remove());
        }
        delivered.addAll(deliveries(fanout));
    }

    private Map<String, List<Long>> numbersByMember() {
        Map<String, List<Long>> numbers = new TreeMap<>();
        for (Delivery delivery : delivered) {
            for (String userId : delivery.getRecipients()) {
                numbers.computeIfAbsent(userId, none -> new ArrayList<>())
                        .add(delivery.getEvent().getSequenceNumber());
            }
        }
        return numbers;
    }

    /// What the log says that each must get: an event goes to who is in after it, a removal to who was in before.
    private Map<String, List<Long>> owedByMember() {
        Map<String, List<Long>> owed = new TreeMap<>();
        Set<String> members = new TreeSet<>();
        for (TimelineEvent event : output(sequencer, topics.messages()).readValuesToList()) {
            List<String> named =
                    event.getParticipants().stream().map(Participant::getUserId).toList();
            if (Set.of("conversation.created", "member.added").contains(event.getKind())) {
                members.addAll(named);
            }
            for (String userId : members) {
                owed.computeIfAbsent(userId, none -> new ArrayList<>()).add(event.getSequenceNumber());
            }
            if (event.getKind().equals("member.removed")) {
                members.removeAll(named);
            }
        }
        return owed;
    }

    private void pipe(String user, SpecificRecord section) {
        pipe(user, section, "c");
    }

    private void pipe(String user, SpecificRecord section, String conversationId) {
        commands++;
        CommandOrigin origin = new CommandOrigin("gateway", "conn", commands);
        InboundCommand command = new InboundCommand(
                "t",
                conversationId,
                user,
                "",
                origin,
                now,
                null,
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
        switch (section) {
            case Message message -> {
                command.setKind("message.send");
                command.setMessage(message);
            }
            case CreateConversation create -> {
                command.setKind("conversation.create");
                command.setConversation(create);
            }
            case ChangeMessage change -> {
                command.setKind("message.edit");
                command.setChange(change);
            }
            case ChangeMembers members -> {
                command.setKind("member." + members.getRole());
                command.setMembers(new ChangeMembers(members.getUserIds(), null));
            }
            default -> throw new IllegalArgumentException("No section " + section.getSchema());
        }
        inbound.pipeInput(new ConversationKey("t", conversationId), command);
        List<Delivery> direct = deliveries(sequencer).stream()
                .filter(delivery -> delivery.getEvent() != null)
                .toList();
        sentDirectly += direct.size();
        delivered.addAll(direct);
        behind.addAll(large.readRecordsToList());
    }

    private static Message message(String messageId) {
        return new Message(messageId, new Content("text", "hi", null, null, null), null, null, null);
    }

    private List<Delivery> deliveries(TopologyTestDriver driver) {
        TestOutputTopic<ShardKey, Delivery> output = output(driver, topics.deliveries());
        List<TestRecord<ShardKey, Delivery>> records = output.readRecordsToList();
        records.forEach(record -> accepted.add(AcceptedAt.millis(record.headers())));
        return records.stream().map(TestRecord::value).toList();
    }

    private TopologyTestDriver driver(String name, Topology topology) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, name);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, stateFolder.resolve(name).toString());
        return new TopologyTestDriver(topology, settings, Instant.EPOCH);
    }

    private static <K extends LogKey, V extends SpecificRecord> TestInputTopic<K, V> input(
            TopologyTestDriver driver, TopicSpec<K, V> topic) {
        return driver.createInputTopic(
                topic.name(), topic.keys().serializer(), topic.values().serializer());
    }

    private static <K extends LogKey, V extends SpecificRecord> TestOutputTopic<K, V> output(
            TopologyTestDriver driver, TopicSpec<K, V> topic) {
        return driver.createOutputTopic(
                topic.name(), topic.keys().deserializer(), topic.values().deserializer());
    }
}

package chat.milena.topology.sequencer;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.schemas.avro.ChangeMembers;
import chat.milena.schemas.avro.CommandOrigin;
import chat.milena.schemas.avro.CommandOutcome;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.CreateConversation;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.Member;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.MuteConversation;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.EventKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.MemberKey;
import chat.milena.schemas.key.MembershipKey;
import chat.milena.schemas.key.ShardKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.topology.streams.CommitPacing;
import chat.milena.topology.streams.CommitWatch;
import chat.milena.topology.streams.StoreDamage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the sequencer keeps of mutes, and that nobody else hears of them.
class MuteTopologyTest {
    private static final CommitPacing PACING = new CommitPacing(
            Duration.ofMillis(5), Duration.ofMillis(25), CommitWatch.of("test", new SimpleMeterRegistry()));
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Instant LATER = NOON.plusSeconds(3_600);
    private static final ConversationKey KEY = new ConversationKey("t", "c");
    private static final int SHARDS = 16;
    private static final TopicCatalogue TOPICS =
            new TopicCatalogue(new Sizing(1, 1, SHARDS, 1, 1, Duration.ofDays(30)), ShippedSchemas.load());

    @TempDir
    private Path stateFolder;

    private TopologyTestDriver driver;
    private TestInputTopic<ConversationKey, InboundCommand> inbound;
    private TestOutputTopic<EventKey, TimelineEvent> events;
    private TestOutputTopic<MemberKey, Member> members;
    private TestOutputTopic<MembershipKey, Member> memberships;
    private TestOutputTopic<ShardKey, Delivery> deliveries;

    @BeforeEach
    void start() {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "mute-test");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, stateFolder.toString());
        SequencerConfig config = new SequencerConfig(6, 5, 10, Duration.ofDays(30));
        driver = new TopologyTestDriver(
                SequencerTopology.build(
                        TOPICS, ShippedSchemas.load(), config, PACING, topic -> {}, new StoreDamage(() -> {})),
                settings,
                NOON);
        TopicSpec<ConversationKey, InboundCommand> topic = TOPICS.inbound();
        inbound = driver.createInputTopic(
                topic.name(), topic.keys().serializer(), topic.values().serializer());
        events = output(TOPICS.messages());
        members = output(TOPICS.members());
        memberships = output(TOPICS.memberships());
        deliveries = output(TOPICS.deliveries());
    }

    private <K extends LogKey, V extends SpecificRecord> TestOutputTopic<K, V> output(TopicSpec<K, V> topic) {
        return driver.createOutputTopic(
                topic.name(), topic.keys().deserializer(), topic.values().deserializer());
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void muteIsKeptWithTheMembershipAndToldToItsUserAlone() {
        create("bob");

        mute("bob", LATER);

        KeyValue<MemberKey, Member> member = members.readKeyValue();
        assertThat(member.key).isEqualTo(new MemberKey(KEY, "bob"));
        assertThat(member.value).isEqualTo(new Member("t", "c", "bob", "member", NOON, 1L, LATER));
        assertThat(memberships.readKeyValue())
                .isEqualTo(KeyValue.pair(new MembershipKey(new UserKey("t", "bob"), "c"), member.value));
        assertThat(driver.<MemberKey, Member>getKeyValueStore(SequencerStores.MEMBERS)
                        .get(member.key))
                .isEqualTo(member.value);
        assertThat(events.isEmpty()).isTrue();
        assertThat(deliveries.readKeyValuesToList()).singleElement().satisfies(told -> {
            assertThat(told.key).isEqualTo(new UserKey("t", "bob").shard(SHARDS));
            assertThat(told.value.getRecipients()).isEmpty();
            assertThat(told.value.getOutcome().getStatus()).isEqualTo("accepted");
        });
    }

    @Test
    void muteTakesNoNumber() {
        create("bob");
        mute("bob", LATER);

        send("alice", "m1");

        assertThat(events.readValue().getSequenceNumber()).isEqualTo(2);
    }

    @Test
    void whatIsSoAlreadyIsAnsweredAndWritesNothing() {
        create("bob");
        mute("bob", null);
        mute("bob", LATER);
        mute("bob", LATER);
        mute("bob", null);

        assertThat(members.readValuesToList()).extracting(Member::getMutedUntil).containsExactly(LATER, null);
        assertThat(deliveries.readValuesToList())
                .extracting(told -> told.getOutcome().getStatus())
                .containsExactly("duplicate", "accepted", "duplicate", "accepted");
    }

    @Test
    void anotherRoleLeavesItAndLeavingEndsIt() {
        create("bob");
        mute("bob", LATER);
        members.readValuesToList();

        change("member.role", "bob", "admin");
        assertThat(members.readValue().getMutedUntil()).isEqualTo(LATER);
        change("member.remove", "bob", null);
        change("member.add", "bob", null);
        assertThat(members.readValuesToList().getLast().getMutedUntil()).isNull();
    }

    @Test
    void outsidersAreRefusedAndLeaveNothing() {
        create("bob");

        mute("mallory", LATER);
        pipe("other", "alice", command -> {
            command.setKind("member.mute");
            command.setMute(new MuteConversation(LATER));
        });

        assertThat(members.isEmpty()).isTrue();
        assertThat(deliveries.readValuesToList())
                .extracting(Delivery::getOutcome)
                .extracting(CommandOutcome::getCode)
                .containsExactly("FORBIDDEN", "CONVERSATION_NOT_FOUND");
    }

    @Test
    void muteInALargeGroupIsAnsweredAtOnce() {
        create("bob", "carol", "dave", "erin");

        mute("bob", LATER);

        assertThat(members.readValue().getMutedUntil()).isEqualTo(LATER);
        assertThat(deliveries.readValue().getOutcome().getStatus()).isEqualTo("accepted");
        assertThat(driver.createOutputTopic(
                                TOPICS.fanout().name(),
                                TOPICS.fanout().keys().deserializer(),
                                TOPICS.fanout().values().deserializer())
                        .readValuesToList())
                .as("its creation alone")
                .hasSize(1);
    }

    private void create(String... others) {
        pipe("t", "alice", command -> {
            command.setKind("conversation.create");
            command.setConversation(new CreateConversation("group", "name", List.of(others), null));
        });
        events.readValuesToList();
        members.readValuesToList();
        memberships.readValuesToList();
        deliveries.readValuesToList();
    }

    private void mute(String user, @Nullable Instant until) {
        pipe("t", user, command -> {
            command.setKind("member.mute");
            command.setMute(new MuteConversation(until));
        });
    }

    private void send(String user, String messageId) {
        pipe("t", user, command -> {
            command.setKind("message.send");
            command.setMessage(new Message(messageId, new Content("text", "hi", null, null), null));
        });
    }

    private void change(String kind, String member, @Nullable String role) {
        pipe("t", "alice", command -> {
            command.setKind(kind);
            command.setMembers(new ChangeMembers(List.of(member), role));
        });
    }

    private void pipe(String tenant, String user, Consumer<InboundCommand> fill) {
        InboundCommand command = new InboundCommand();
        command.setTenant(tenant);
        command.setConversationId("c");
        command.setUserId(user);
        command.setOrigin(new CommandOrigin("gateway", "conn", 1L));
        command.setAcceptedAt(NOON);
        fill.accept(command);
        inbound.pipeInput(new ConversationKey(tenant, "c"), command);
    }
}

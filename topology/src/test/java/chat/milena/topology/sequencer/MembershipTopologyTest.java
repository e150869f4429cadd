package chat.milena.topology.sequencer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import chat.milena.schemas.avro.ChangeMembers;
import chat.milena.schemas.avro.ChangeMessage;
import chat.milena.schemas.avro.ChangePersonal;
import chat.milena.schemas.avro.CommandOrigin;
import chat.milena.schemas.avro.CommandOutcome;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.Conversation;
import chat.milena.schemas.avro.CreateConversation;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.FollowedThread;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.Introduction;
import chat.milena.schemas.avro.MarkReceipt;
import chat.milena.schemas.avro.Member;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.MuteConversation;
import chat.milena.schemas.avro.Personal;
import chat.milena.schemas.avro.Receipt;
import chat.milena.schemas.avro.ShownPersonal;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.avro.UpdateConversation;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.EventKey;
import chat.milena.schemas.key.FollowKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.MemberKey;
import chat.milena.schemas.key.MembershipKey;
import chat.milena.schemas.key.ShardKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.schemas.word.Reason;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
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

/// What the sequencer keeps of memberships besides roles: mutes, who has joined in, what one may read, and who left.
class MembershipTopologyTest {
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
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "membership-test");
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
    void muteIsKeptWithTheMembershipAndAnsweredToItsUserAlone() {
        create("bob");

        mute("bob", LATER);

        KeyValue<MemberKey, Member> member = members.readKeyValue();
        assertThat(member.key).isEqualTo(new MemberKey(KEY, "bob"));
        assertThat(member.value).isEqualTo(new Member("t", "c", "bob", "member", NOON, 1L, LATER, false, 1L, false));
        assertThat(memberships.readKeyValue())
                .isEqualTo(KeyValue.pair(new MembershipKey(new UserKey("t", "bob"), "c"), member.value));
        assertThat(driver.<MemberKey, Member>getKeyValueStore(SequencerStores.MEMBERS)
                        .get(member.key))
                .isEqualTo(member.value);
        assertThat(events.isEmpty()).isTrue();
        assertThat(deliveries.readKeyValuesToList()).singleElement().satisfies(delivered -> {
            assertThat(delivered.key).isEqualTo(new UserKey("t", "bob").shard(SHARDS));
            assertThat(delivered.value.getRecipients()).isEmpty();
            assertThat(delivered.value.getOutcome().getStatus()).isEqualTo("accepted");
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
                .extracting(delivered -> delivered.getOutcome().getStatus())
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

    private void keeps(String userId, ChangePersonal.Builder change) {
        pipe("t", userId, command -> {
            command.setKind("member.personal");
            command.setPersonal(change.build());
        });
    }

    @Test
    void whatIsKeptIsPublishedByUserAndGoesWithATombstone() {
        create("bob");
        TestOutputTopic<MembershipKey, Personal> personal = output(TOPICS.personal());
        ChangePersonal.Builder archives = ChangePersonal.newBuilder().setArchived(true);

        keeps("bob", archives);
        keeps("bob", archives);
        keeps("bob", archives.setArchived(false));

        MembershipKey key = new MembershipKey(new UserKey("t", "bob"), "c");
        assertThat(personal.readKeyValuesToList())
                .containsExactly(
                        KeyValue.pair(key, new Personal("t", "bob", "c", true, false, null, 0L, null, null)),
                        KeyValue.pair(key, null));
        assertThat(members.isEmpty()).as("no membership is written for it").isTrue();
        assertThat(events.isEmpty()).isTrue();
        assertThat(deliveries.readKeyValuesToList())
                .extracting(
                        to -> to.key,
                        to -> to.value.getRecipients(),
                        to -> to.value.getOutcome().getStatus())
                .containsExactly(
                        tuple(new UserKey("t", "bob").shard(SHARDS), List.of("bob"), "accepted"),
                        tuple(new UserKey("t", "bob").shard(SHARDS), List.of(), "duplicate"),
                        tuple(new UserKey("t", "bob").shard(SHARDS), List.of("bob"), "accepted"));
    }

    @Test
    void clearingAndMarkingAreKeptWhereTheyAreReadFrom() {
        create("bob");
        send("alice", "m1");
        members.readValuesToList();
        TestOutputTopic<MemberKey, Receipt> receipts = output(TOPICS.receipts());
        receipts.readValuesToList();
        deliveries.readValuesToList();

        keeps("bob", ChangePersonal.newBuilder().setClearedUpTo(1L).setUnreadFrom(2L));

        assertThat(members.readValue().getFirstSequence()).isEqualTo(2);
        assertThat(receipts.readValue()).isEqualTo(new Receipt("t", "c", "bob", 0L, null, 0L, null, 0L, 2L));
        assertThat(deliveries.readValue().getPersonal())
                .isEqualTo(new ShownPersonal(false, false, false, false, 2L, 1L, null, null));
    }

    @Test
    void outsidersKeepNothing() {
        create("bob");

        keeps("mallory", ChangePersonal.newBuilder().setPinned(true));

        assertThat(output(TOPICS.personal()).isEmpty()).isTrue();
        assertThat(deliveries.readValue().getOutcome().getCode()).isEqualTo("FORBIDDEN");
    }

    @Test
    void creatorHasJoinedInAndOthersHaveNot() {
        pipe("t", "alice", command -> {
            command.setKind("conversation.create");
            command.setConversation(new CreateConversation("direct", null, List.of("bob"), null));
            // No rule of a tenant joins the other side of a direct conversation in.
            command.setIntroduction(new Introduction(true, List.of()));
        });

        assertThat(members.readValuesToList())
                .extracting(Member::getUserId, Member::getAccepted)
                .containsExactly(tuple("alice", true), tuple("bob", false));
    }

    @Test
    void firstMessageJoinsItsSenderInAndTheNextCostsNothingMore() {
        create("bob");

        send("bob", "m1");
        send("bob", "m2");
        send("alice", "m3");

        assertThat(members.readValuesToList())
                .containsExactly(new Member("t", "c", "bob", "member", NOON, 1L, null, true, 1L, false));
        assertThat(memberships.readValuesToList())
                .extracting(Member::getAccepted)
                .containsExactly(true);
        assertThat(stored("bob").getAccepted()).isTrue();
        assertThat(driver.<ConversationKey, Conversation>getKeyValueStore(SequencerStores.CONVERSATIONS)
                        .get(KEY)
                        .getSequenceNumber())
                .as("the conversation itself is not written again")
                .isEqualTo(1);
    }

    @Test
    void readingJoinsNobodyIn() {
        create("bob");

        pipe("t", "bob", command -> {
            command.setKind("message.read");
            command.setReceipt(new MarkReceipt(1L, List.of(), null, null, null));
        });

        assertThat(members.isEmpty()).isTrue();
        assertThat(stored("bob").getAccepted()).isFalse();
    }

    @Test
    void acceptingJoinsInOnceAndOnlyOwnDevicesAreNotified() {
        create("bob");

        accept("bob");
        accept("bob");
        accept("mallory");

        assertThat(members.readValuesToList())
                .extracting(Member::getUserId, Member::getAccepted)
                .containsExactly(tuple("bob", true));
        assertThat(events.isEmpty()).isTrue();
        List<Delivery> delivered = deliveries.readValuesToList();
        assertThat(delivered).flatExtracting(Delivery::getRecipients).containsExactly("bob");
        assertThat(delivered)
                .extracting(to -> to.getOutcome().getStatus())
                .containsExactly("accepted", "duplicate", "rejected");
    }

    @Test
    void muteAndRoleLeaveItAndComingBackBeginsAgain() {
        create("bob");
        send("bob", "m1");

        mute("bob", LATER);
        change("member.role", "bob", "admin");
        assertThat(stored("bob").getAccepted()).isTrue();
        change("member.remove", "bob", null);
        change("member.add", "bob", null);

        assertThat(stored("bob").getAccepted()).isFalse();
    }

    @Test
    void whereTheRuleVouchesBeingInIsEnough() {
        create("bob");

        pipe("t", "alice", command -> {
            command.setKind("member.add");
            command.setMembers(new ChangeMembers(List.of("carol"), null));
            command.setIntroduction(new Introduction(true, List.of("carol")));
        });

        assertThat(stored("carol").getAccepted()).isTrue();
    }

    @Test
    void membershipFromBeforeHasJoinedIn() {
        create("bob");
        KeyValueStore<MemberKey, Member> store = driver.getKeyValueStore(SequencerStores.MEMBERS);
        store.put(
                new MemberKey(KEY, "dora"), new Member("t", "c", "dora", "member", NOON, 1L, null, null, null, false));
        // Another conversation takes the place of this one in memory.
        for (int i = 0; i < 10; i++) {
            pipeTo("other" + i, "alice", command -> {
                command.setKind("conversation.create");
                command.setConversation(new CreateConversation("group", "name", List.of("bob"), null));
            });
        }
        members.readValuesToList();

        send("dora", "m1");

        assertThat(events.readValuesToList().getLast().getActorId()).isEqualTo("dora");
        assertThat(members.isEmpty()).as("nothing changed by the message").isTrue();
    }

    @Test
    void whatOneMayReadIsDecidedWhenOneComes() {
        create("bob");
        change("member.add", "carol", null);
        visible(false);
        change("member.add", "dave", null);
        visible(true);

        assertThat(stored("carol").getFirstSequence()).isEqualTo(1);
        assertThat(stored("dave").getFirstSequence()).isEqualTo(4);
        change("member.remove", "dave", null);
        change("member.add", "dave", null);
        assertThat(stored("dave").getFirstSequence()).isEqualTo(1);
    }

    @Test
    void whoLeftByThemselvesIsBroughtBackByTheirContactsAlone() {
        create("bob", "carol");
        pipe("t", "bob", command -> {
            command.setKind("member.remove");
            command.setMembers(new ChangeMembers(List.of("bob"), null));
        });
        deliveries.readValuesToList();

        change("member.add", "bob", null);
        addWith(List.of("bob", "dave"), List.of("dave"));
        addWith(List.of("bob"), List.of("bob"));

        assertThat(deliveries.readValuesToList())
                .extracting(Delivery::getOutcome)
                .filteredOn(Objects::nonNull)
                .extracting(CommandOutcome::getStatus, CommandOutcome::getReason)
                .containsExactly(
                        tuple("rejected", Reason.NOT_EVERYBODY),
                        tuple("rejected", Reason.NOT_EVERYBODY),
                        tuple("accepted", null));
        assertThat(driver.<MemberKey, Member>getKeyValueStore(SequencerStores.DEPARTURES)
                        .get(new MemberKey(KEY, "bob")))
                .isNull();
    }

    @Test
    void whoWasRemovedIsBroughtBackByAnyAdmin() {
        create("bob");

        change("member.remove", "bob", null);
        change("member.add", "bob", null);

        assertThat(stored("bob")).isNotNull();
    }

    @Test
    void followsEndWithTheMembership() {
        create("bob", "carol");
        send("alice", "m1");
        send("alice", "m2");
        for (String user : List.of("bob", "carol")) {
            follow(user, "m1");
            follow(user, "m2");
        }

        change("member.remove", "bob", null);

        assertThat(followed("bob", "m1")).isNull();
        assertThat(followed("bob", "m2")).isNull();
        assertThat(followed("carol", "m1")).isNotNull();
        assertThat(output(TOPICS.threads()).readKeyValuesToList())
                .filteredOn(written -> written.value == null)
                .extracting(written -> written.key.rootId())
                .containsExactly("m1", "m2");
    }

    private void follow(String user, String rootId) {
        pipe("t", user, command -> {
            command.setKind("thread.follow");
            command.setChange(new ChangeMessage(rootId, null, null, null, null, false));
        });
    }

    private @Nullable FollowedThread followed(String user, String rootId) {
        return driver.<FollowKey, FollowedThread>getKeyValueStore(SequencerStores.FOLLOWS)
                .get(new FollowKey(new UserKey("t", user), "c", rootId));
    }

    @Test
    void keyUsedForAnotherGroupIsRefused() {
        create("bob", "carol");

        again("name", "carol", "bob");
        again("name", "bob");
        again("another", "bob", "carol");

        assertThat(deliveries.readValuesToList())
                .extracting(
                        delivered -> delivered.getOutcome().getStatus(),
                        delivered -> delivered.getOutcome().getCode())
                .containsExactly(
                        tuple("duplicate", null),
                        tuple("rejected", "IDEMPOTENCY_MISMATCH"),
                        tuple("rejected", "IDEMPOTENCY_MISMATCH"));
    }

    private void again(String name, String... others) {
        pipe("t", "alice", command -> {
            command.setKind("conversation.create");
            command.setConversation(new CreateConversation("group", name, List.of(others), null));
        });
    }

    private void visible(boolean historyVisible) {
        pipe("t", "alice", command -> {
            command.setKind("conversation.update");
            command.setUpdate(new UpdateConversation(null, null, null, historyVisible, null, null, null, null, null));
        });
    }

    private void accept(String user) {
        pipe("t", user, command -> command.setKind("member.accept"));
    }

    private void addWith(List<String> userIds, List<String> contactIds) {
        pipe("t", "alice", command -> {
            command.setKind("member.add");
            command.setMembers(new ChangeMembers(userIds, null));
            command.setIntroduction(new Introduction(false, contactIds));
        });
    }

    private Member stored(String userId) {
        return driver.<MemberKey, Member>getKeyValueStore(SequencerStores.MEMBERS)
                .get(new MemberKey(KEY, userId));
    }

    private void create(String... others) {
        again("name", others);
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
            command.setMessage(new Message(messageId, new Content("text", "hi", null, null, null), null, null, null));
        });
    }

    private void change(String kind, String member, @Nullable String role) {
        pipe("t", "alice", command -> {
            command.setKind(kind);
            command.setMembers(new ChangeMembers(List.of(member), role));
        });
    }

    private void pipe(String tenant, String user, Consumer<InboundCommand> fill) {
        pipe(new ConversationKey(tenant, "c"), user, fill);
    }

    private void pipeTo(String conversationId, String user, Consumer<InboundCommand> fill) {
        pipe(new ConversationKey("t", conversationId), user, fill);
    }

    private void pipe(ConversationKey key, String user, Consumer<InboundCommand> fill) {
        InboundCommand command = new InboundCommand();
        command.setActorKind("member");
        command.setTenant(key.tenant());
        command.setConversationId(key.conversationId());
        command.setUserId(user);
        command.setOrigin(new CommandOrigin("gateway", "conn", 1L));
        command.setAcceptedAt(NOON);
        fill.accept(command);
        inbound.pipeInput(key, command);
    }
}

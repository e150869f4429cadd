package chat.milena.syncapi.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import chat.milena.protocol.call.PushFacts;
import chat.milena.protocol.call.PushFacts.Message;
import chat.milena.schemas.avro.Block;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.Device;
import chat.milena.schemas.avro.Mentions;
import chat.milena.schemas.avro.NotificationSettings;
import chat.milena.schemas.avro.Personal;
import chat.milena.schemas.avro.PushRegistration;
import chat.milena.schemas.avro.QuietHours;
import chat.milena.schemas.avro.User;
import chat.milena.schemas.key.DeviceKey;
import chat.milena.schemas.key.MembershipKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.syncapi.FakeConversation;
import chat.milena.syncapi.PushFactsCall;
import chat.milena.syncapi.person.Profiles;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PushFactsCallTest {
    private static final Instant NOW = FakeConversation.BEGINNING.plus(Duration.ofHours(1));
    private static final UserKey BOB = key("bob");
    private static final DeviceKey PHONE = new DeviceKey(BOB, "phone");

    /// As many as there are: messages, user, names, memberships, and unread messages.
    private static final int QUESTIONS = 5;

    private final FakeReads reads = new FakeReads(Clock.fixed(NOW, ZoneOffset.UTC));
    private final SyncLimits limits = new SyncLimits(
            new SyncLimits.InProgress(1, 1),
            new SyncLimits.Sync(1_000, 10, 10, 10),
            new SyncLimits.Pages(10, 10, 3),
            1_000_000,
            10);
    private final PushFactsCall call =
            new PushFactsCall(reads, limits, new Profiles(reads)::of, new UnreadCall(reads, limits)::messages);

    private static UserKey key(String userId) {
        return new UserKey(FakeConversation.TENANT, userId);
    }

    @BeforeEach
    void register() {
        registered(true);
    }

    private void registered(boolean is) {
        PushRegistration push = PushRegistration.newBuilder()
                .setPlatform("fcm")
                .setKeyId("k1")
                .setAddress(ByteBuffer.wrap(new byte[] {1, 2}))
                .setAddressHash("hash")
                .setAppId("shop-app")
                .setLocale("de-CH")
                .setTimeZone("Europe/Zurich")
                .setRegisteredAt(NOW)
                .build();
        reads.views.devices.put(
                PHONE, new Device(FakeConversation.TENANT, "bob", "phone", NOW, is ? push : null, is ? null : NOW));
    }

    private PushFacts facts(String conversationId) {
        return facts(conversationId, 0, 100);
    }

    private PushFacts facts(String conversationId, long after, long upTo) {
        return facts(conversationId, after, upTo, List.of());
    }

    private PushFacts facts(String conversationId, long after, long upTo, List<Long> releases) {
        CallAnswer<PushFacts> answer = call.facts(PHONE, conversationId, after, upTo, releases);
        assertThat(answer).isInstanceOf(CallAnswer.Answered.class);
        return ((CallAnswer.Answered<PushFacts>) answer).value();
    }

    private PushFacts.Conversation conversation(String conversationId) {
        return Objects.requireNonNull(facts(conversationId).conversation());
    }

    private Message only(String conversationId) {
        assertThat(facts(conversationId).messages()).hasSize(1);
        return facts(conversationId).messages().getFirst();
    }

    private void blocks(String userId, String other) {
        reads.views
                .blocks
                .computeIfAbsent(key(userId), any -> new TreeMap<>())
                .put(other, new Block(FakeConversation.TENANT, userId, other, NOW));
    }

    private void has(String userId, @Nullable String name, @Nullable NotificationSettings settings) {
        reads.views.users.put(
                key(userId),
                new User(
                        FakeConversation.TENANT,
                        userId,
                        name,
                        null,
                        null,
                        name == null ? Instant.EPOCH : NOW,
                        settings));
    }

    private void keeps(String conversationId, @Nullable String level, boolean archived, @Nullable Long hidden) {
        Personal personal = new Personal();
        personal.setTenant(FakeConversation.TENANT);
        personal.setUserId("bob");
        personal.setConversationId(conversationId);
        personal.setNotificationLevel(level);
        personal.setArchived(archived);
        personal.setHiddenAtOrdinal(hidden);
        reads.views.personal.put(new MembershipKey(BOB, conversationId), personal);
    }

    @Test
    void messageComesWithItsConversationItsSenderAndTheDevice() {
        has("alice", "Alice", null);
        FakeConversation.direct(reads.views, "d", "alice", "bob").says("alice", "hello");

        PushFacts facts = facts("d");

        assertThat(facts.registration()).satisfies(push -> {
            assertThat(push.platform()).isEqualTo("fcm");
            assertThat(push.appId()).isEqualTo("shop-app");
            assertThat(push.locale()).isEqualTo("de-CH");
            assertThat(push.zone()).isEqualTo("Europe/Zurich");
            assertThat(push.address())
                    .isEqualTo(new PushFacts.Address(
                            "k1", Base64.getEncoder().encodeToString(new byte[] {1, 2}), NOW.toEpochMilli()));
        });
        assertThat(facts.conversation()).isEqualTo(new PushFacts.Conversation(true, null, false, null, 0));
        assertThat(facts.settings()).isEqualTo(PushFacts.Settings.USUAL);
        assertThat(facts.messages())
                .containsExactly(new Message(
                        2,
                        "m2",
                        FakeConversation.BEGINNING.plusSeconds(1).toEpochMilli(),
                        new PushFacts.Sender("alice", "Alice", false),
                        new PushFacts.Content("text", "hello"),
                        new PushFacts.Standing(false, true, false, null, null),
                        null));
        assertThat(facts.unread()).isEqualTo(1);
    }

    /// A message that was shown before it waited has notified then, but for devices that the intent says.
    @Test
    void firstReleaseOfAMessageNotifiesAndALaterOneOnlyIfItIsNamed() {
        FakeConversation.group(reads.views, "g", "alice", "bob")
                .says("alice", "one")
                .says("alice", "two")
                .releases(2, false)
                .releases(3, true);

        assertThat(facts("g").messages())
                .extracting(Message::sequenceNumber, Message::messageId)
                .containsExactly(tuple(2L, "m2"));
        assertThat(facts("g", 0, 100, List.of(4L, 5L)).messages())
                .extracting(
                        Message::sequenceNumber, message -> message.standing().noticeSequence())
                .containsExactly(tuple(3L, 5L), tuple(2L, 4L));
    }

    @Test
    void fewQuestionsAreAsked() {
        FakeConversation.group(reads.views, "g", "alice", "carol", "bob")
                .says("alice", "one")
                .says("carol", "two")
                .replies("alice", 2, 1);

        facts("g");

        assertThat(reads.asked).hasValue(QUESTIONS);
    }

    @Test
    void onlyMessagesBehindTheFirstNumberUpToTheLastAreLookedAt() {
        FakeConversation.group(reads.views, "g", "alice", "bob").saysTimes(5, "alice");

        assertThat(facts("g", 2, 4).messages())
                .extracting(Message::sequenceNumber)
                .containsExactly(4L, 3L);
        assertThat(facts("g", 2, 4).unread()).as("of all").isEqualTo(5);
    }

    @Test
    void deviceThatIsNotRegisteredIsAskedNothingElse() {
        FakeConversation.group(reads.views, "g", "alice", "bob").says("alice", "hello");
        registered(false);

        assertThat(facts("g")).isEqualTo(new PushFacts(null, null, PushFacts.Settings.USUAL, List.of(), 0));
        assertThat(reads.asked).hasValue(2);

        reads.views.devices.clear();
        assertThat(facts("g").registration()).isNull();
    }

    @Test
    void whoIsNoMemberLearnsNothing() {
        FakeConversation.group(reads.views, "g", "alice", "carol").says("alice", "secret");
        FakeConversation.group(reads.views, "left", "alice", "bob")
                .says("alice", "secret")
                .leaves("bob");

        for (String conversationId : List.of("g", "left", "none", "")) {
            PushFacts facts = facts(conversationId);
            assertThat(facts.registration()).as(conversationId).isNotNull();
            assertThat(facts.conversation()).as(conversationId).isNull();
            assertThat(facts.messages()).as(conversationId).isEmpty();
        }
    }

    @Test
    void thoseWhomTheUserHasBlockedAreMarkedAndNotTheOtherWayRound() {
        FakeConversation.group(reads.views, "g", "alice", "carol", "bob")
                .says("alice", "one")
                .says("carol", "two")
                .says("bob", "three");
        blocks("bob", "carol");
        blocks("alice", "bob");

        assertThat(facts("g").messages())
                .extracting(
                        message -> message.sender().userId(),
                        message -> message.sender().blocked())
                .containsExactly(tuple("bob", false), tuple("carol", true), tuple("alice", false));
    }

    @Test
    void repliesThatOnlyTheirThreadShowsAreForItsFollowers() {
        FakeConversation.group(reads.views, "g", "alice", "bob")
                .says("alice", "root")
                .replies("alice", 2, 1);
        assertThat(facts("g", 2, 9).messages()).singleElement().satisfies(reply -> {
            assertThat(reply.standing().followed()).isFalse();
            assertThat(reply.threadOf()).isEqualTo("m2");
        });

        FakeConversation other = FakeConversation.group(reads.views, "other", "alice", "bob");
        other.says("alice", "another root").follows("bob", 2, 0);
        assertThat(facts("g", 2, 9).messages().getFirst().standing().followed())
                .as("a thread of the same name elsewhere")
                .isFalse();
        FakeConversation third = FakeConversation.group(reads.views, "z", "alice", "bob");
        third.says("alice", "root").replies("alice", 2, 1).follows("bob", 2, 0);
        assertThat(facts("z", 2, 9).messages().getFirst().standing().followed()).isTrue();
        assertThat(facts("z", 0, 2).messages().getFirst().standing().followed())
                .as("a message of the conversation is for all")
                .isTrue();
    }

    /// Even among more threads than an inbox knows.
    @Test
    void threadIsFollowedHoweverManyOthersAreFollowed() {
        FakeConversation first = FakeConversation.group(reads.views, "a", "alice", "bob");
        for (int i = 0; i < 5; i++) {
            first.says("alice", "root").follows("bob", first.last(), 0);
        }
        FakeConversation.group(reads.views, "z", "alice", "bob")
                .says("alice", "root")
                .replies("alice", 2, 1)
                .follows("bob", 2, 0);

        assertThat(facts("z", 2, 9).messages().getFirst().standing().followed()).isTrue();
    }

    @Test
    void settingsOfTheUserAreThoseThatWereSetLast() {
        FakeConversation.group(reads.views, "g", "alice", "bob").says("alice", "hello");
        has(
                "bob",
                null,
                new NotificationSettings("mentions", "sender", new QuietHours("22:00", "07:00", "Asia/Tokyo")));

        assertThat(facts("g").settings())
                .isEqualTo(new PushFacts.Settings(
                        "mentions", "sender", new PushFacts.QuietHours("22:00", "07:00", "Asia/Tokyo")));
        assertThat(conversation("g").level()).as("its own").isNull();

        has("bob", "Bob", new NotificationSettings("all", "none", new QuietHours("01:00", "02:00", null)));
        assertThat(facts("g").settings())
                .isEqualTo(new PushFacts.Settings("all", "none", new PushFacts.QuietHours("01:00", "02:00", null)));
    }

    @Test
    void levelOfTheConversationStandsBesideThatOfTheUser() {
        FakeConversation.group(reads.views, "g", "alice", "bob").says("alice", "hello");
        has("bob", null, new NotificationSettings("none", "full", null));
        keeps("g", "mentions", false, null);

        assertThat(conversation("g").level()).isEqualTo("mentions");
        assertThat(facts("g").settings().level()).isEqualTo("none");
    }

    @Test
    void muteHoldsUntilItsEnd() {
        FakeConversation chat =
                FakeConversation.group(reads.views, "g", "alice", "bob").says("alice", "hello");

        chat.mutes("bob", NOW.plusMillis(1));
        assertThat(conversation("g").muted()).isTrue();
        assertThat(facts("g").unread())
                .as("the badge is of those that are not muted")
                .isZero();

        chat.mutes("bob", NOW);
        assertThat(conversation("g").muted()).isFalse();
        assertThat(facts("g").unread()).isEqualTo(1);
    }

    @Test
    void messagesSayHowTheyStand() {
        FakeConversation chat = FakeConversation.group(reads.views, "g", "alice", "bob")
                .says("alice", new Content("text", "hi", null, null, new Mentions(List.of("bob"), false)), null)
                .says("alice", "for a while", Duration.ofHours(2))
                .says("alice", "gone")
                .deletes("alice", 4)
                .receives("bob", 3, 2);

        PushFacts facts = facts("g");

        assertThat(conversation("g").readUpTo()).isEqualTo(2);
        assertThat(facts.messages())
                .extracting(
                        message -> message.standing().mentioned(),
                        message -> message.standing().deleted(),
                        message -> message.content().text(),
                        message -> message.standing().expiresAt() == null)
                .containsExactly(
                        tuple(false, true, null, true),
                        tuple(false, false, "for a while", false),
                        tuple(true, false, "hi", true));
        assertThat(chat.last()).isEqualTo(5);
    }

    @Test
    void onlyProfilesHaveNames() {
        has("alice", null, new NotificationSettings("all", "full", null));
        FakeConversation.group(reads.views, "g", "alice", "bob").says("alice", "hello");

        assertThat(only("g").sender().name()).isNull();
    }

    @Test
    void badgeCountsTheInbox() {
        FakeConversation.group(reads.views, "a", "alice", "bob").saysTimes(2, "alice");
        FakeConversation.group(reads.views, "b", "alice", "bob").saysTimes(3, "alice");
        FakeConversation.group(reads.views, "c", "alice", "bob").saysTimes(4, "alice");
        assertThat(facts("a").unread()).isEqualTo(9);

        keeps("b", null, true, null);
        assertThat(facts("a").unread()).as("without archived ones").isEqualTo(6);

        keeps("b", null, false, 3L);
        assertThat(facts("a").unread()).as("without hidden ones").isEqualTo(6);

        keeps("b", null, false, 2L);
        assertThat(facts("a").unread()).as("that no message came to").isEqualTo(9);

        FakeConversation.group(reads.views, "d", "alice", "bob").saysTimes(5, "alice");
        assertThat(facts("a").unread())
                .as("of as many conversations as the inbox knows")
                .isLessThan(14);
    }

    @Test
    void moreLookupsThanTheBoundAndViewsThatAreAwayAreReported() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        reads.held = held;
        Thread first = Thread.ofVirtual().start(() -> call.facts(PHONE, "g", 0, 9, List.of()));
        while (reads.inside.get() == 0) {
            Thread.onSpinWait();
        }
        assertThat(call.facts(PHONE, "g", 0, 9, List.of())).isInstanceOf(CallAnswer.Unavailable.class);
        held.countDown();
        first.join();

        reads.held = null;
        reads.retryAfter = Duration.ofSeconds(3);
        assertThat(call.facts(PHONE, "g", 0, 9, List.of()))
                .isInstanceOfSatisfying(
                        CallAnswer.Unavailable.class,
                        away -> assertThat(away.retryAfter()).isEqualTo(Duration.ofSeconds(3)));
    }
}

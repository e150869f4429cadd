package chat.milena.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.ephemeral.presence.PresenceStore;
import chat.milena.ephemeral.presence.PresenceTimes;
import chat.milena.ephemeral.redis.RedisConfig;
import chat.milena.gateway.session.Connection;
import chat.milena.gateway.session.ConnectionRegistry;
import chat.milena.protocol.frame.ClientFrame.PresenceSet;
import chat.milena.protocol.frame.ClientFrame.PresenceSubscribe;
import chat.milena.protocol.frame.ClientFrame.PresenceUnsubscribe;
import chat.milena.protocol.frame.ClientFrame.Typing;
import chat.milena.protocol.frame.PresenceStatus;
import chat.milena.runtime.lifecycle.Readiness;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.testsupport.MovableClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// One gateway's presence over a store in memory.
class LivePresenceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final PresenceConfig ENDLESS_GRACE = new PresenceConfig(
            new RedisConfig(null, Duration.ofSeconds(1)),
            new PresenceTimes(
                    Duration.ofHours(1), Duration.ZERO, Duration.ofHours(2), Duration.ofDays(1), Duration.ofSeconds(3)),
            Duration.ofSeconds(5),
            100,
            500);

    /// Questions that wait while they are held.
    private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();

    private volatile boolean holding;
    private final FakeStore store = new FakeStore();
    private final MovableClock clock = new MovableClock();
    private final Devices devices = new Devices(clock);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Readiness readiness = new Readiness();
    private final ConnectionRegistry registry = new ConnectionRegistry(meters);
    private final Set<String> friends = ConcurrentHashMap.newKeySet();
    private final Set<String> members = ConcurrentHashMap.newKeySet();
    private final LivePresence presence = LivePresence.over(
            listener -> store.open(),
            PresenceConfig.DEFAULT,
            new LivePresence.Parts(registry, people(), this::ask, 50, readiness, meters, clock::nanos));

    private void ask(Runnable question) {
        if (holding) {
            held.add(question);
        } else {
            question.run();
        }
    }

    private PeopleQuery people() {
        return new PeopleQuery() {
            @Override
            public Answer sharing(UserKey asker, List<String> userIds) {
                Set<String> sharing = new HashSet<>(userIds);
                sharing.retainAll(friends);
                return new People(sharing);
            }

            @Override
            public Answer blocking(UserKey asker, List<String> userIds) {
                return new People(Set.of());
            }

            @Override
            public Answer typingAudience(UserKey asker, ConversationKey conversation, int limit) {
                return members.contains(asker.userId())
                        ? new People(new HashSet<>(
                                members.stream().sorted().limit(limit).toList()))
                        : new Refused(ErrorCode.FORBIDDEN, "members only");
            }
        };
    }

    @BeforeEach
    void start() {
        presence.start();
        awaitThere();
    }

    @AfterEach
    void stop() throws InterruptedException {
        presence.close();
    }

    private void awaitThere() {
        await().atMost(PATIENCE).until(() -> readiness.describe().equals("presence: ready"));
    }

    private Connection connect(String userId) {
        Connection connection = devices.of(userId);
        registry.add(connection);
        presence.opened(connection);
        return connection;
    }

    private void awaitSent(Connection connection, String... parts) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(devices.sentTo(connection))
                        .anySatisfy(frame -> assertThat(frame).contains(parts)));
    }

    private static UserKey key(String userId) {
        return new UserKey("default", userId);
    }

    @Test
    void whoComesAndGoesIsRegisteredAndForgotten() {
        Connection alice = connect("alice");
        await().atMost(PATIENCE).until(() -> store.users().containsKey(key("alice")));

        presence.receive(alice, new PresenceSet("a", PresenceStatus.AWAY, "phone"));
        awaitSent(alice, "\"ok\"", "\"a\"");
        await().atMost(PATIENCE)
                .until(() -> store.users()
                        .getOrDefault(key("alice"), Map.of())
                        .containsValue(new PresenceStore.Device(PresenceStatus.AWAY, "phone", null)));

        presence.closed(alice);
        await().atMost(PATIENCE).until(() -> store.users().isEmpty());
    }

    @Test
    void whenTheStoreIsBackEverybodyIsRegisteredAnewUnderAnotherId() {
        connect("alice");
        await().atMost(PATIENCE).until(() -> store.users().containsKey(key("alice")));

        store.away = true;
        await().atMost(PATIENCE).until(() -> readiness.describe().startsWith("presence: paused"));
        assertThat(readiness.ready()).isTrue();
        assertThat(meters.get("milena.redis.up").gauge().value()).isZero();
        connect("bob");
        store.away = false;

        awaitThere();
        await().atMost(PATIENCE).until(() -> store.users().keySet().equals(Set.of(key("alice"), key("bob"))));
        assertThat(store.joined).hasSizeGreaterThan(1).doesNotHaveDuplicates();
        assertThat(store.closed.get()).isEqualTo(store.opened.get() - 1);
    }

    @Test
    void gatewayThatWasTakenForDeadJoinsAnew() {
        connect("alice");
        store.silent = true;

        await().atMost(PATIENCE)
                .until(() -> store.joined.size() == 2 && store.users().containsKey(key("alice")));
        assertThat(store.opened).hasValue(1);
    }

    @Test
    void gatewayWhoseUsersWereTakenSaysAnewWhoIsThere() {
        connect("alice");
        await().atMost(PATIENCE).until(() -> store.users().containsKey(key("alice")));
        store.taken = true;
        connect("bob");

        await().atMost(PATIENCE)
                .until(() ->
                        store.joined.size() == 2 && store.users().keySet().equals(Set.of(key("alice"), key("bob"))));
    }

    @Test
    void onlyThoseWhoShareAConversationAreSeen() {
        friends.add("bob");
        Connection alice = connect("alice");
        connect("bob");

        presence.receive(alice, new PresenceSubscribe("s", List.of("bob", "mallory")));

        awaitSent(alice, "presence.bulk", "\"bob\"", "\"online\"");
        assertThat(devices.sentTo(alice)).noneSatisfy(frame -> assertThat(frame).contains("mallory"));
    }

    @Test
    void tooManyAreRefusedAndThoseBeforeStay() {
        friends.add("bob");
        Connection alice = connect("alice");
        presence.receive(alice, new PresenceSubscribe("s", List.of("bob")));
        awaitSent(alice, "presence.bulk");

        List<String> many = IntStream.range(0, 500).mapToObj(i -> "user-" + i).toList();
        presence.receive(alice, new PresenceSubscribe("t", many));
        awaitSent(alice, "TOO_LARGE", "payload.userIds");
        presence.receive(alice, new PresenceUnsubscribe("u", List.of("bob")));
        presence.receive(alice, new PresenceSubscribe("v", many));

        awaitSent(alice, "presence.bulk", "\"v\"");
    }

    @Test
    void subscriptionsOfOneUserLeaveRoomForOthers() {
        friends.add("dave");
        holding = true;
        List<Connection> alices =
                IntStream.range(0, 9).mapToObj(i -> connect("alice")).toList();
        alices.forEach(each -> presence.receive(each, new PresenceSubscribe("a", List.of("dave"))));
        Connection bob = connect("bob");
        presence.receive(bob, new PresenceSubscribe("b", List.of("dave")));

        assertThat(held).hasSize(9);
        awaitSent(alices.getLast(), "UNAVAILABLE", "too many presence requests in progress");
        holding = false;
        held.forEach(Runnable::run);
        awaitSent(alices.getFirst(), "presence.bulk");
        awaitSent(bob, "presence.bulk");
        presence.receive(alices.getLast(), new PresenceSubscribe("again", List.of("dave")));
        awaitSent(alices.getLast(), "presence.bulk", "again");
    }

    @Test
    void typingOfOneUserLeavesRoomForOthers() {
        members.addAll(List.of("alice", "bob"));
        holding = true;
        Connection alice = connect("alice");
        for (int i = 0; i < 33; i++) {
            presence.receive(alice, new Typing("a" + i, "c" + i, true));
        }
        Connection bob = connect("bob");
        presence.receive(bob, new Typing("b", "c1", true));

        assertThat(held).hasSize(33);
        awaitSent(alice, "UNAVAILABLE", "\"a32\"");
        holding = false;
        held.forEach(Runnable::run);
        awaitSent(bob, "\"ok\"");
        presence.receive(alice, new Typing("again", "c40", true));
        awaitSent(alice, "\"ok\"", "again");
    }

    @Test
    void burstOfTypingWaitsWhileMembersAreAskedFor() {
        members.addAll(List.of("alice", "bob"));
        holding = true;
        Connection alice = connect("alice");
        for (int i = 0; i <= TypingHandler.WAITING_MAX; i++) {
            presence.receive(alice, new Typing("a" + i, "c", i % 2 == 0));
        }

        awaitSent(alice, "UNAVAILABLE", "\"a50\"");
        held.forEach(Runnable::run);
        assertThat(devices.sentTo(alice))
                .filteredOn(frame -> frame.contains("\"ok\""))
                .hasSize(50);
    }

    /// The document tells clients to say again that they are away.
    @Test
    void eachConnectionBeginsOnline() {
        Connection before = connect("alice");
        presence.receive(before, new PresenceSet("a", PresenceStatus.AWAY, null));
        presence.closed(before);

        connect("alice");

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(store.users()
                                .getOrDefault(key("alice"), Map.of())
                                .values())
                        .containsExactly(new PresenceStore.Device(PresenceStatus.ONLINE, null, null)));
    }

    @Test
    void subscriptionWithoutAStoreIsRefusedAndDoesNotCount() {
        Connection alice = connect("alice");
        store.away = true;
        await().atMost(PATIENCE).until(() -> readiness.describe().startsWith("presence: paused"));

        List<String> many = IntStream.range(0, 500).mapToObj(i -> "user-" + i).toList();
        presence.receive(alice, new PresenceSubscribe("s", many));
        awaitSent(alice, "UNAVAILABLE", "retryAfter");
        store.away = false;
        awaitThere();
        presence.receive(alice, new PresenceSubscribe("t", List.of("one", "more")));

        awaitSent(alice, "presence.bulk", "\"t\"");
    }

    @Test
    void whenTheStoreIsBackItIsToldAtOnceWhoIsThereAndOnlyAfterTheGraceWhoIsNot() throws Exception {
        presence.close();
        Readiness ready = new Readiness();
        LivePresence patient = LivePresence.over(
                listener -> store.open(),
                ENDLESS_GRACE,
                new LivePresence.Parts(registry, people(), this::ask, 50, ready, meters, clock::nanos));
        patient.start();
        try {
            await().atMost(PATIENCE).until(() -> ready.describe().equals("presence: ready"));
            friends.addAll(Set.of("bob", "carol"));
            Connection alice = devices.of("alice");
            Connection carol = devices.of("carol");
            patient.opened(alice);
            patient.opened(carol);
            await().atMost(PATIENCE).until(() -> store.users().containsKey(key("carol")));
            patient.receive(alice, new PresenceSubscribe("s", List.of("bob", "carol")));
            awaitSent(alice, "presence.bulk", "\"bob\"", "\"carol\"");

            store.away = true;
            await().atMost(PATIENCE).until(() -> ready.describe().startsWith("presence: paused"));
            patient.closed(carol);
            patient.opened(devices.of("bob"));
            store.away = false;

            awaitSent(alice, "presence.update", "\"bob\"", "\"online\"");
            assertThat(devices.sentTo(alice))
                    .filteredOn(frame -> frame.contains("presence.update"))
                    .noneSatisfy(frame -> assertThat(frame).contains("carol"));
        } finally {
            patient.close();
        }
    }

    @Test
    void typingIsToldToTheOthersOnceASecond() {
        members.addAll(Set.of("alice", "bob", "carol"));
        Connection alice = connect("alice");

        presence.receive(alice, new Typing("t", "c1", true));
        presence.receive(alice, new Typing(null, "c1", true));
        presence.receive(alice, new Typing(null, "c1", false));

        awaitSent(alice, "\"ok\"", "\"t\"");
        await().atMost(PATIENCE).until(() -> store.told.size() == 2);
        assertThat(store.told)
                .containsExactly(
                        new PresenceStore.Typing(key("alice"), "c1", true, Set.of("bob", "carol")),
                        new PresenceStore.Typing(key("alice"), "c1", false, Set.of("bob", "carol")));
    }

    @Test
    void outsidersAreRefusedWithOrWithoutAnId() {
        members.add("bob");
        Connection mallory = connect("mallory");

        presence.receive(mallory, new Typing(null, "c1", true));

        awaitSent(mallory, "FORBIDDEN");
        assertThat(store.told).isEmpty();
    }

    @Test
    void largestConversationWithTypingIsASetting() throws Exception {
        presence.close();
        IntStream.range(0, 101).forEach(i -> members.add("m" + i));
        PresenceConfig large =
                new PresenceConfig(ENDLESS_GRACE.redis(), ENDLESS_GRACE.times(), ENDLESS_GRACE.typingLife(), 101, 500);
        Readiness ready = new Readiness();
        LivePresence other = LivePresence.over(
                listener -> store.open(),
                large,
                new LivePresence.Parts(registry, people(), this::ask, 50, ready, meters, clock::nanos));
        other.start();
        try {
            await().atMost(PATIENCE).until(() -> ready.describe().equals("presence: ready"));
            other.receive(devices.of("m0"), new Typing(null, "c1", true));

            await().atMost(PATIENCE).until(() -> !store.told.isEmpty());
        } finally {
            other.close();
        }
    }

    @Test
    void inAConversationOfMoreThanAHundredNobodyIsTold() {
        IntStream.range(0, 101).forEach(i -> members.add("m" + i));
        Connection first = connect("m0");

        presence.receive(first, new Typing("t", "c1", true));
        awaitSent(first, "\"ok\"");
        members.remove("m100");
        presence.receive(first, new Typing(null, "c2", true));

        await().atMost(PATIENCE).until(() -> !store.told.isEmpty());
        assertThat(store.told).extracting(PresenceStore.Typing::conversationId).containsExactly("c2");
    }
}

package chat.milena.ephemeral.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import chat.milena.ephemeral.presence.PresenceStore.Device;
import chat.milena.ephemeral.presence.PresenceStore.Known;
import chat.milena.ephemeral.presence.PresenceStore.Placement;
import chat.milena.ephemeral.presence.PresenceStore.SeenDevice;
import chat.milena.ephemeral.presence.PresenceStore.Typing;
import chat.milena.ephemeral.redis.RedisClients;
import chat.milena.ephemeral.redis.StoreAwayException;
import chat.milena.protocol.frame.PresenceStatus;
import chat.milena.runtime.config.Secret;
import chat.milena.schemas.avro.User;
import chat.milena.schemas.key.UserKey;
import chat.milena.testsupport.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.RedisClient;

/// What gateways know in common, in a real Redis.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisStoreIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Device PHONE = new Device(PresenceStatus.ONLINE, "phone", null);
    private static final Device AWAY = new Device(PresenceStatus.AWAY, null, null);

    /// So long that no test comes near by accident.
    private static final Duration NEVER = Duration.ofMinutes(5);

    @RegisterExtension
    final RedisServer redis = new RedisServer();

    private final Queue<Object> heard = new ConcurrentLinkedQueue<>();
    private final List<PresenceStore> open = new ArrayList<>();
    private int users;
    private UserKey alice = new UserKey("default", "alice");

    @BeforeEach
    void somebodyNew() {
        alice = new UserKey("default", "alice-" + users++);
    }

    @AfterEach
    void close() {
        open.forEach(PresenceStore::close);
        open.clear();
        heard.clear();
    }

    private PresenceStore store(Duration grace, Duration pause, Duration deadAfter) {
        PresenceTimes times = new PresenceTimes(grace, pause, NEVER.plusMinutes(5), Duration.ofDays(1), deadAfter);
        PresenceStore store = RedisStore.open(redis.url(), Duration.ofSeconds(5), times, new PresenceStore.Listener() {
            @Override
            public void changed(Known known) {
                heard.add(known);
            }

            @Override
            public void typed(Typing typing) {
                heard.add(typing);
            }

            @Override
            public void profiled(User user) {
                heard.add(user);
            }
        });
        open.add(store);
        return store;
    }

    private void listen(PresenceStore store, UserKey user) {
        await().atMost(PATIENCE).until(() -> {
            store.listenTo(Set.of(PresenceShard.of(user)), Set.of(PresenceShard.of(user)));
            return store.isListening();
        });
    }

    private void place(PresenceStore store, String gatewayId, Map<String, Device> devices) {
        store.place(gatewayId, List.of(new Placement(alice, devices)));
    }

    private PresenceStatus status(PresenceStore store) {
        return store.read(List.of(alice)).getFirst().status();
    }

    private List<PresenceStatus> heardOfAlice() {
        return heard.stream()
                .filter(Known.class::isInstance)
                .map(Known.class::cast)
                .filter(known -> known.user().equals(alice))
                .map(Known::status)
                .toList();
    }

    @Test
    void statusIsTheBestOfAllDevicesOnAllGateways() {
        PresenceStore store = store(NEVER, Duration.ZERO, NEVER);
        listen(store, alice);
        store.join("g1");
        store.join("g2");

        place(store, "g1", Map.of("c1", AWAY));
        assertThat(status(store)).isEqualTo(PresenceStatus.AWAY);
        place(store, "g2", Map.of("c2", PHONE));
        Known online = store.read(List.of(alice)).getFirst();
        assertThat(online.status()).isEqualTo(PresenceStatus.ONLINE);
        assertThat(online.deviceType()).isEqualTo("phone");
        assertThat(online.seenMillis()).isPositive();
        place(store, "g2", Map.of());
        assertThat(status(store)).isEqualTo(PresenceStatus.AWAY);

        await().atMost(PATIENCE)
                .until(() -> heardOfAlice()
                        .equals(List.of(PresenceStatus.AWAY, PresenceStatus.ONLINE, PresenceStatus.AWAY)));
    }

    @Test
    void whoComesBackWithinTheGraceWasNeverOffline() {
        PresenceStore store = store(NEVER, Duration.ZERO, NEVER);
        listen(store, alice);
        store.join("g1");
        place(store, "g1", Map.of("c1", PHONE));

        place(store, "g1", Map.of());
        store.settle(100);
        assertThat(status(store)).isEqualTo(PresenceStatus.ONLINE);
        place(store, "g1", Map.of("c2", PHONE));
        store.settle(100);

        place(store, "g1", Map.of("c2", AWAY));
        await().atMost(PATIENCE).until(() -> heardOfAlice().size() >= 2);
        assertThat(heardOfAlice()).containsExactly(PresenceStatus.ONLINE, PresenceStatus.AWAY);
    }

    @Test
    void whoStaysAwayIsOfflineAfterTheGraceAndSeenLastWhenTheyLeft() {
        PresenceStore store = store(Duration.ofMillis(300), Duration.ZERO, NEVER);
        listen(store, alice);
        store.join("g1");
        place(store, "g1", Map.of("c1", PHONE));
        long seen = store.read(List.of(alice)).getFirst().seenMillis();

        place(store, "g1", Map.of());

        await().atMost(PATIENCE).until(() -> {
            store.settle(100);
            return heardOfAlice().contains(PresenceStatus.OFFLINE);
        });
        assertThat(heardOfAlice()).containsExactly(PresenceStatus.ONLINE, PresenceStatus.OFFLINE);
        assertThat(store.read(List.of(alice)).getFirst().seenMillis()).isGreaterThanOrEqualTo(seen);
        assertThat(status(store)).isEqualTo(PresenceStatus.OFFLINE);
    }

    @Test
    void changesWithinThePauseBecomeOneWordTheLastOne() {
        PresenceStore store = store(NEVER, Duration.ofMillis(500), NEVER);
        listen(store, alice);
        store.join("g1");

        place(store, "g1", Map.of("c1", PHONE));
        for (int i = 0; i < 5; i++) {
            place(store, "g1", Map.of("c1", i % 2 == 0 ? AWAY : PHONE));
        }

        await().atMost(PATIENCE).until(() -> {
            store.settle(100);
            return status(store) == PresenceStatus.AWAY;
        });
        await().atMost(PATIENCE).until(() -> heardOfAlice().contains(PresenceStatus.AWAY));
        // A machine that is slow enough to stretch the burst over more pauses may see more words, never one a change.
        assertThat(heardOfAlice()).startsWith(PresenceStatus.ONLINE).endsWith(PresenceStatus.AWAY);
        assertThat(heardOfAlice()).hasSizeLessThan(6);
    }

    @Test
    void usersOfADeadGatewayAreTakenByAnotherUnlessTheyAreElsewhere() {
        PresenceStore store = store(Duration.ofMillis(200), Duration.ZERO, Duration.ofMillis(400));
        UserKey bob = new UserKey("default", "bob-" + alice.userId());
        listen(store, alice);
        store.join("dead");
        place(store, "dead", Map.of("c1", PHONE));
        store.place("dead", List.of(new Placement(bob, Map.of("c2", PHONE))));
        store.join("living");
        store.place("living", List.of(new Placement(bob, Map.of("c3", AWAY))));

        await().atMost(PATIENCE).until(() -> {
            store.beat("living");
            store.settle(100);
            return status(store) == PresenceStatus.OFFLINE;
        });

        await().atMost(PATIENCE).until(() -> {
            store.beat("living");
            store.settle(100);
            return store.read(List.of(bob)).getFirst().status() == PresenceStatus.AWAY;
        });
        assertThat(store.beat("dead")).isFalse();
    }

    @Test
    void gatewayWhoseUsersWereTakenIsRefusedAndLeavesNobodyBehind() {
        PresenceStore store = store(Duration.ofMillis(100), Duration.ZERO, Duration.ofMillis(200));
        store.join("stalled");
        place(store, "stalled", Map.of("c1", PHONE));
        store.join("living");
        await().atMost(PATIENCE).until(() -> {
            store.beat("living");
            store.settle(100);
            return status(store) == PresenceStatus.OFFLINE;
        });

        Placement late = new Placement(alice, Map.of("c1", PHONE));
        assertThat(store.place("stalled", List.of(late))).isFalse();

        assertThat(status(store)).isEqualTo(PresenceStatus.OFFLINE);
        store.join("anew");
        assertThat(store.place("anew", List.of(late))).isTrue();
        assertThat(status(store)).isEqualTo(PresenceStatus.ONLINE);
    }

    @Test
    void whatIsReadAndWhatIsHeardIsToldInTheOrderInWhichItWas() {
        PresenceStore store = store(NEVER, Duration.ZERO, NEVER);
        listen(store, alice);
        store.join("g1");
        Known before = store.read(List.of(alice)).getFirst();
        place(store, "g1", Map.of("c1", PHONE));
        Known after = store.read(List.of(alice)).getFirst();

        await().atMost(PATIENCE).until(() -> !heardOfAlice().isEmpty());

        Known told = (Known)
                heard.stream().filter(Known.class::isInstance).findFirst().orElseThrow();
        assertThat(told.deviceType()).isEqualTo("phone");
        assertThat(List.of(before.at(), told.at(), after.at())).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void manyUsersOfADeadGatewayAllEndInTheEnd() {
        PresenceStore store = store(Duration.ofMillis(100), Duration.ZERO, Duration.ofMillis(200));
        List<UserKey> many = IntStream.range(0, 450)
                .mapToObj(i -> new UserKey("default", alice.userId() + "-" + i))
                .toList();
        store.join("doomed");
        store.place(
                "doomed",
                many.stream()
                        .map(user -> new Placement(user, Map.of("c", PHONE)))
                        .toList());
        assertThat(store.read(many)).allMatch(known -> known.status() == PresenceStatus.ONLINE);

        await().atMost(PATIENCE).until(() -> {
            assertThat(store.settle(50)).isLessThanOrEqualTo(100);
            return store.read(many).stream().allMatch(known -> known.status() == PresenceStatus.OFFLINE);
        });
    }

    @Test
    void typingReachesThoseWhoListenForItsRecipients() {
        PresenceStore store = store(NEVER, Duration.ZERO, NEVER);
        UserKey bob = new UserKey("default", "bob");
        listen(store, bob);

        store.publish(new Typing(alice, "c1", true, Set.of("bob")));

        await().atMost(PATIENCE).until(() -> heard.contains(new Typing(alice, "c1", true, Set.of("bob"))));
    }

    @Test
    void whoListensGoesOnListeningWhenNothingIsSaid() {
        PresenceStore store = store(NEVER, Duration.ZERO, NEVER);
        listen(store, alice);

        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .during(RedisClients.SILENCE_MAX.plusSeconds(1))
                .until(() -> {
                    store.listenTo(Set.of(PresenceShard.of(alice)), Set.of(PresenceShard.of(alice)));
                    return store.isListening();
                });
    }

    @Test
    void redisThatIsGoneIsNoticedByEveryCallAndByWhoListens() throws Exception {
        PresenceStore store = store(NEVER, Duration.ZERO, NEVER);
        listen(store, alice);
        redis.kill();
        try {
            assertThatThrownBy(() -> store.beat("g1")).isInstanceOf(StoreAwayException.class);
            assertThatThrownBy(() -> store.publish(new Typing(alice, "c1", true, Set.of("bob"))))
                    .isInstanceOf(StoreAwayException.class);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThatThrownBy(store::isListening).isInstanceOf(StoreAwayException.class));
            assertThatThrownBy(() -> store(NEVER, Duration.ZERO, NEVER)).isInstanceOf(StoreAwayException.class);
        } finally {
            redis.start();
        }
    }

    @Test
    void whoWasNeverHereIsOfflineAndWasNeverSeen() {
        PresenceStore store = store(NEVER, Duration.ZERO, NEVER);

        assertThat(store.read(List.of(alice)))
                .singleElement()
                .satisfies(known ->
                        assertThat(known).isEqualTo(new Known(alice, PresenceStatus.OFFLINE, 0, null, known.at())));
    }

    /// The clock of Redis as it was at the last call: as if it was set since.
    private void redisIsSetBy(Duration by) {
        try (RedisClient client = RedisClients.open(redis.url(), Duration.ofSeconds(5), 1)) {
            long at = Long.parseLong(client.hget("milena:presence:clock", "redis"));
            client.hset("milena:presence:clock", "redis", Long.toString(at - by.toNanos() / 1_000));
        }
    }

    @Test
    void clockOfRedisThatIsSetTakesNobodyOffline() {
        PresenceStore store = store(Duration.ofSeconds(5), Duration.ZERO, Duration.ofSeconds(5));
        store.join("gw");
        store.place("gw", List.of(new Placement(alice, Map.of("c1", PHONE))));

        redisIsSetBy(NEVER.multipliedBy(3));
        store.settle(100);
        assertThat(store.beat("gw")).isTrue();
        redisIsSetBy(NEVER.multipliedBy(-3));
        store.settle(100);
        assertThat(store.beat("gw")).isTrue();

        Known known = store.read(List.of(alice)).getFirst();
        assertThat(known.status()).isEqualTo(PresenceStatus.ONLINE);
        assertThat(known.seenMillis())
                .isCloseTo(
                        System.currentTimeMillis(), within(Duration.ofMinutes(1).toMillis()));
    }

    @Test
    void newsAreInOrderAlsoAfterTheClockOfRedisWasSetBack() {
        PresenceStore store = store(Duration.ZERO, Duration.ZERO, NEVER);
        store.join("gw");
        store.place("gw", List.of(new Placement(alice, Map.of("c1", PHONE))));
        long before = store.read(List.of(alice)).getFirst().at();

        redisIsSetBy(NEVER.negated());

        assertThat(store.read(List.of(alice)).getFirst().at()).isGreaterThanOrEqualTo(before);
    }

    private static Device of(String deviceId, PresenceStatus status) {
        return new Device(status, "phone", deviceId);
    }

    private static String shown(PresenceStore.SeenDevice device) {
        return device.deviceId() + " " + device.status().word();
    }

    @Test
    void devicesAreKnownWithTheBestOfTheirConnectionsAndRememberedWhenTheyLeave() {
        PresenceStore store = store(NEVER, Duration.ZERO, NEVER);
        store.join("g1");
        store.join("g2");
        place(store, "g1", Map.of("c1", of("laptop", PresenceStatus.AWAY), "c2", PHONE));
        place(store, "g2", Map.of("c3", of("laptop", PresenceStatus.ONLINE)));

        List<PresenceStore.SeenDevice> both = store.devices(alice);
        assertThat(both).extracting(RedisStoreIT::shown).containsExactlyInAnyOrder("laptop online", "~c2 online");
        assertThat(both).allSatisfy(device -> {
            assertThat(device.firstSeenMillis())
                    .isCloseTo(
                            System.currentTimeMillis(),
                            within(Duration.ofMinutes(1).toMillis()));
            assertThat(device.lastSeenMillis()).isGreaterThanOrEqualTo(device.firstSeenMillis());
        });

        place(store, "g2", Map.of());
        assertThat(store.devices(alice))
                .extracting(RedisStoreIT::shown)
                .containsExactlyInAnyOrder("laptop away", "~c2 online");

        place(store, "g1", Map.of());
        assertThat(store.devices(alice))
                .as("a connection without a device is one while it lasts")
                .extracting(RedisStoreIT::shown)
                .containsExactly("laptop offline");
        assertThat(store.devices(new UserKey("other", alice.userId()))).isEmpty();
    }

    @Test
    void devicesOfADeadGatewayAreSeenUntilItsLastSign() {
        PresenceStore store = store(Duration.ofMillis(100), Duration.ZERO, Duration.ofMillis(300));
        store.join("dead");
        place(store, "dead", Map.of("c1", of("laptop", PresenceStatus.ONLINE), "c2", PHONE));
        long placed = System.currentTimeMillis();

        await().atMost(PATIENCE).until(() -> {
            store.settle(100);
            return store.devices(alice).stream()
                    .map(RedisStoreIT::shown)
                    .toList()
                    .equals(List.of("laptop offline"));
        });
        assertThat(store.devices(alice).getFirst().lastSeenMillis())
                .isLessThanOrEqualTo(placed + Duration.ofSeconds(1).toMillis());
    }

    @Test
    void oneDeviceTooManyMakesTheLongestUnseenGoAndNeverAConnectedOne() {
        PresenceStore store = store(NEVER, Duration.ZERO, NEVER);
        store.join("g1");
        for (int i = 0; i < 99; i++) {
            place(store, "g1", Map.of("c", of("d" + i, PresenceStatus.ONLINE)));
        }
        place(store, "g1", Map.of("c", of("last", PresenceStatus.ONLINE)));
        assertThat(store.devices(alice)).hasSize(100);

        place(store, "g1", Map.of("c", of("last", PresenceStatus.ONLINE), "c2", of("one-more", PresenceStatus.ONLINE)));
        assertThat(store.devices(alice))
                .hasSize(100)
                .extracting(RedisStoreIT::shown)
                .contains("last online", "one-more online");

        Map<String, Device> all = IntStream.range(0, 101)
                .boxed()
                .collect(Collectors.toMap(i -> "k" + i, i -> of("k" + i, PresenceStatus.ONLINE)));
        place(store, "g1", all);
        assertThat(store.devices(alice))
                .hasSize(100)
                .allMatch(device -> device.deviceId().startsWith("k") && device.status() == PresenceStatus.ONLINE);
    }

    @Test
    void readerOfDevicesKnowsNothingWhileRedisIsAwayAndGoesOnAfterwards() throws Exception {
        PresenceStore store = store(NEVER, Duration.ZERO, NEVER);
        store.join("g1");
        place(store, "g1", Map.of("c1", of("laptop", PresenceStatus.ONLINE)));
        try (DevicePresence reader = new DevicePresence(
                () -> new Secret(redis.url().toString()),
                Duration.ofSeconds(5),
                PresenceTimes.DEFAULT,
                System::nanoTime)) {
            assertThat(reader.of(alice, Duration.ZERO).orElseThrow())
                    .extracting(RedisStoreIT::shown)
                    .containsExactly("laptop online");
            redis.kill();
            assertThat(reader.of(alice, Duration.ZERO)).isEmpty();
            assertThat(reader.of(alice, Duration.ZERO)).isEmpty();
            redis.start();
            await().atMost(PATIENCE).until(() -> reader.of(alice, Duration.ZERO).isPresent());
        }
        try (DevicePresence without =
                new DevicePresence(() -> null, Duration.ofSeconds(5), PresenceTimes.DEFAULT, System::nanoTime)) {
            assertThat(without.of(alice, PATIENCE)).isEmpty();
        }
    }

    @Test
    void patientReaderOfDevicesWaitsUntilRedisCountsAsAway() throws Exception {
        Duration patience = Duration.ofSeconds(30);
        AtomicLong later = new AtomicLong();
        try (DevicePresence reader = new DevicePresence(
                        () -> new Secret(redis.url().toString()),
                        Duration.ofSeconds(5),
                        PresenceTimes.DEFAULT,
                        () -> System.nanoTime() + later.get());
                ExecutorService other = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThat(reader.of(alice, patience)).isPresent();
            redis.kill();
            assertThat(reader.of(alice, Duration.ZERO)).isEmpty();
            Future<Optional<List<SeenDevice>>> waiting = other.submit(() -> reader.of(alice, patience));
            redis.start();
            assertThat(waiting.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isPresent();

            redis.kill();
            assertThat(reader.of(alice, Duration.ZERO)).isEmpty();
            later.addAndGet(patience.toNanos());
            assertThat(reader.of(alice, patience)).as("it counts as away").isEmpty();
            redis.start();
        }
    }
}

package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.bench.cluster.FreePorts;
import chat.milena.testsupport.RedisServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Many users with two devices each talk over two gateways while devices break off, one gateway is killed and stalled,
/// and Redis is killed: nothing is lost, doubled or out of order, receipts do not go back, and presence is right soon
/// after the last change. `-Dmilena.live.users` and `-Dmilena.live.seconds` say how many and for how long,
/// `-Dmilena.live.seed` which of all; how soon is held by [LivePresenceRounds], with `-Dmilena.live.slowness`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(1_200)
class LiveFaultsIT {
    private static final Logger LOG = LoggerFactory.getLogger(LiveFaultsIT.class);
    private static final int USERS = Integer.getInteger("milena.live.users", 20);
    private static final int SECONDS = Integer.getInteger("milena.live.seconds", 15);
    private static final long SEED = Long.getLong("milena.live.seed", System.nanoTime());
    private static final int DEVICES_EACH = 2;
    private static final int GROUP_MIN = 10;
    private static final int GROUP_MAX = 30;

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Map<String, String> UNLIMITED = Map.of(
            "MILENA_RATE_MESSAGES_PER_SECOND", "0",
            "MILENA_RATE_MESSAGES_PER_MINUTE", "0",
            "MILENA_RATE_CONNECTIONS_PER_SECOND", "0",
            "MILENA_RATE_ADDRESS_CONNECTIONS_PER_SECOND", "0");

    @RegisterExtension
    @Order(1)
    final RedisServer redis = new RedisServer(FreePorts.take(1).getFirst());

    @RegisterExtension
    @Order(2)
    final RunningMilena milena = new RunningMilena()
            .with("MILENA_REDIS_URL", redis.url().toString())
            .with("MILENA_RATE_MESSAGES_PER_SECOND", "0")
            .with("MILENA_RATE_MESSAGES_PER_MINUTE", "0");

    private final Random random = new Random(SEED);
    private final List<LiveDevice> devices = new ArrayList<>();
    private final List<PresenceWatcher> watchers = new ArrayList<>();
    private final Map<String, Set<String>> members = new LinkedHashMap<>();
    /// With who made them.
    private final Map<String, String> groups = new LinkedHashMap<>();
    private Tenant home;
    private GatewayProcess other;
    private LiveWorld world;
    private volatile boolean over;

    @BeforeAll
    void open() throws Exception {
        home = Tenant.ofDefault(milena);
        List<String> users =
                IntStream.range(0, USERS).mapToObj(i -> "user-" + i).toList();
        other = new GatewayProcess(milena, redis.url().toString(), Set.copyOf(users), UNLIMITED);
        world = new LiveWorld(home, List.of(milena.port(), other.port()), SEED, USERS * DEVICES_EACH);
        world.say("%d users for %d s with seed %d".formatted(USERS, SECONDS, SEED));
        meet(users);
        for (String user : users) {
            for (int i = 0; i < DEVICES_EACH; i++) {
                devices.add(new LiveDevice(world, user, i));
            }
        }
        watchers.add(new PresenceWatcher(world, "watcher-a", milena.port(), Set.copyOf(users)));
        watchers.add(new PresenceWatcher(world, "watcher-b", other.port(), Set.copyOf(users)));
    }

    @AfterAll
    void close() throws IOException {
        over = true;
        devices.forEach(LiveDevice::end);
        devices.forEach(LiveDevice::close);
        world.say("violations: " + world.checker().violations());
        for (PresenceWatcher watcher : watchers) {
            watcher.close();
        }
        other.close();
        home.close();
    }

    /// Everybody is in one group, which the watchers share; some in smaller ones; and each talks with two others.
    private void meet(List<String> users) throws IOException, InterruptedException {
        List<String> everybody = new ArrayList<>(users);
        everybody.add("watcher-b");
        members.put(home.group("watcher-a", everybody.toArray(String[]::new)), Set.copyOf(users));
        for (int i = 0; i < Math.max(2, USERS / GROUP_MIN); i++) {
            List<String> some = new ArrayList<>(users);
            Collections.shuffle(some, random);
            int size = Math.min(USERS, GROUP_MIN + random.nextInt(GROUP_MAX - GROUP_MIN + 1));
            String group = home.group(some.getFirst(), some.subList(1, size).toArray(String[]::new));
            members.put(group, Set.copyOf(some.subList(0, size)));
            groups.put(group, some.getFirst());
        }
        for (int i = 0; i < USERS; i++) {
            for (int j = 1; j <= 2; j++) {
                String one = users.get(i);
                String two = users.get((i + j) % USERS);
                members.put(home.direct(one, two), Set.of(one, two));
            }
        }
        Map<String, List<String>> talks = new HashMap<>();
        members.forEach((talk, people) -> people.forEach(
                user -> talks.computeIfAbsent(user, none -> new ArrayList<>()).add(talk)));
        world.talk(talks);
    }

    @Test
    void nothingIsLostDoubledOrOutOfOrderAndPresenceIsRightInTheEnd() throws Exception {
        world.say("all know each other");
        devices.forEach(LiveDevice::start);
        watchers.forEach(PresenceWatcher::start);
        LiveReceipts receipts = new LiveReceipts(world, members, devices);
        Thread asking = Thread.ofVirtual().start(receipts::ask);
        Thread renaming = Thread.ofVirtual().start(this::rename);
        LiveFaults faults = new LiveFaults(world, other, redis, devices, random);
        Map<LiveFaults.Fault, Integer> done = faults.until(System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS));
        world.mode(LiveWorld.Mode.TALK);
        await().atMost(PATIENCE)
                .alias("all are back, seed " + SEED)
                .until(() -> devices.stream().allMatch(LiveDevice::isThereOrAway));
        Map<String, Long> presence = new LivePresenceRounds(
                        world, milena, other, redis, devices, watchers.getFirst(), watchers.getLast())
                .run();

        devices.forEach(LiveDevice::comeBack);
        world.mode(LiveWorld.Mode.QUIET);
        over = true;
        receipts.stop();
        asking.join();
        renaming.join();
        awaitSettled();
        world.say("all are in sync");
        receipts.awaitEverythingEverywhere();
        world.say("everything is everywhere");
        receipts.end();
        world.say("all have read all");
        devices.forEach(LiveDevice::end);
        devices.forEach(LiveDevice::close);
        world.checker().end(records());
        tell(done, presence);
        assertThat(world.checker().violations().isEmpty())
                .as("seed %d: %s", SEED, world.checker().violations())
                .isTrue();
        assertThat(world.checker().acked()).isPositive();
        assertThat(world.resumed()).isPositive();
    }

    private void awaitSettled() {
        await().atMost(PATIENCE)
                .alias("all are in sync and acked, seed " + SEED)
                .until(
                        () -> devices.stream()
                                .filter(device -> !device.isSettled())
                                .map(LiveDevice::state)
                                .toList(),
                        List::isEmpty);
    }

    private List<LiveDevice> of(Set<String> people) {
        return devices.stream()
                .filter(device -> people.contains(device.userId()))
                .toList();
    }

    /// Changes of groups take numbers as messages do.
    private void rename() {
        Random names = new Random(SEED + 3);
        while (!over) {
            groups.forEach((group, admin) -> {
                String body = "{\"name\":\"name " + names.nextInt() + "\"}";
                try {
                    home.rest().call("PATCH", "/api/v1/conversations/" + group, home.tokenOf(admin), body);
                } catch (IOException e) {
                    LOG.debug("Not renamed: {}", e.toString());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2));
        }
    }

    private Map<String, List<DeviceRecord>> records() {
        Map<String, List<DeviceRecord>> records = new HashMap<>();
        members.forEach((talk, people) ->
                records.put(talk, of(people).stream().map(LiveDevice::record).toList()));
        return records;
    }

    private void tell(Map<LiveFaults.Fault, Integer> done, Map<String, Long> presence) {
        List<DeviceRecord> all = devices.stream().map(LiveDevice::record).toList();
        world.say(
                ("%d messages acked, %d events told, %d of them again, %d receipts again; %d cuts, %d resumed, %d afresh;"
                                + " %s; presence right after the last change in ms %s")
                        .formatted(
                                world.checker().acked(),
                                all.stream().mapToLong(DeviceRecord::told).sum(),
                                all.stream().mapToLong(DeviceRecord::repeats).sum(),
                                all.stream()
                                        .mapToLong(DeviceRecord::receiptsRepeated)
                                        .sum(),
                                world.cuts(),
                                world.resumed(),
                                world.afresh(),
                                done,
                                presence));
    }
}

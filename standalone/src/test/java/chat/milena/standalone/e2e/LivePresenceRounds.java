package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.testsupport.RedisServer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionTimeoutException;

/// Several kinds of last changes of who is there, and how long it takes until watchers on both gateways are told right.
/// For one thread.
///
/// **What is promised.** Presence is right within 5 seconds of the last change. Who leaves is told of only after the
/// grace of 5 seconds, so a round in which people leave, as all but one may, has both: 10 seconds. So has the one after
/// Redis came back with nothing in it: gateways need up to 3 seconds to find it, the grace to say who is with them, and
/// one more to tell who is gone. Each round is held to that, times `-Dmilena.live.slowness`: 3 in each build, on any
/// machine; 1 without it in a run whose users are named, which is to prove it.
final class LivePresenceRounds {
    private static final int SLOWNESS =
            Integer.getInteger("milena.live.slowness", System.getProperty("milena.live.users") == null ? 3 : 1);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration RIGHT_WITHIN = Duration.ofSeconds(5);
    private static final Duration GRACE = Duration.ofSeconds(5);

    private static final Duration SETTLES_WITHIN = Duration.ofMinutes(2);

    private final LiveWorld world;
    private final RunningMilena milena;
    private final GatewayProcess other;
    private final RedisServer redis;
    private final List<LiveDevice> devices;
    private final PresenceWatcher steady;
    private final PresenceWatcher shaken;
    private final Random random;
    private final Map<String, Long> millis = new LinkedHashMap<>();

    /// @param steady watches over the gateway that is not killed
    /// @param shaken watches over the other one
    LivePresenceRounds(
            LiveWorld world,
            RunningMilena milena,
            GatewayProcess other,
            RedisServer redis,
            List<LiveDevice> devices,
            PresenceWatcher steady,
            PresenceWatcher shaken) {
        this.world = world;
        this.milena = milena;
        this.other = other;
        this.redis = redis;
        this.devices = devices;
        this.steady = steady;
        this.shaken = shaken;
        this.random = new Random(world.seed() + 4);
    }

    /// All rounds, one after the other.
    ///
    /// @return how many milliseconds passed from the last change until presence was right on both gateways
    Map<String, Long> run() throws Exception {
        // The last fault may have been one that no device felt.
        world.event();
        awaitPresence("after the faults", steady, shaken);
        shuffle(device -> true);
        awaitPresence("after people came and went", steady, shaken);
        comeBack();
        awaitPresence("after people only came", RIGHT_WITHIN, steady, shaken);
        overRedis();
        overGateway();
        return millis;
    }

    private void overRedis() throws Exception {
        redis.kill();
        shuffle(device -> true);
        redis.start();
        world.event();
        awaitPresence("after Redis came back with nothing in it", steady, shaken);
    }

    /// Some of those who were on the gateway that is killed do not come back.
    private void overGateway() throws Exception {
        Set<LiveDevice> there = devices.stream()
                .filter(device -> device.connectedTo() == other.port())
                .collect(Collectors.toSet());
        world.ports(List.of(milena.port()));
        other.kill9();
        world.event();
        shuffle(there::contains);
        awaitPresence("beside a gateway that was killed", steady);
        other.start();
        world.ports(List.of(milena.port(), other.port()));
        world.event();
        shuffle(device -> true);
        awaitPresence("after a gateway came back", steady, shaken);
    }

    /// Sends some users away with all of their devices, brings others back, and waits until they are where they want.
    private void shuffle(Predicate<LiveDevice> concerned) {
        Set<String> leaving = devices.stream()
                .map(LiveDevice::userId)
                .distinct()
                .filter(user -> random.nextInt(3) == 0)
                .collect(Collectors.toSet());
        for (LiveDevice device : devices) {
            if (concerned.test(device)) {
                move(device, leaving.contains(device.userId()));
            }
        }
        awaitSettled();
    }

    private void comeBack() {
        world.event();
        devices.forEach(LiveDevice::comeBack);
        awaitSettled();
    }

    private void awaitSettled() {
        await().atMost(SETTLES_WITHIN)
                .alias("all are where they want, seed " + world.seed())
                .until(() -> devices.stream().allMatch(LiveDevice::isThereOrAway));
    }

    private void move(LiveDevice device, boolean leaves) {
        if (leaves) {
            device.goAway(random.nextBoolean());
            return;
        }
        device.comeBack();
        if (random.nextInt(3) == 0) {
            device.breakOff(random.nextBoolean());
        }
    }

    /// Says once what is still wrong when presence should be right.
    ///
    /// @return false
    private boolean isLate(PresenceWatcher watcher, Set<String> truth, Duration promised, AtomicBoolean told) {
        if (sinceLastEvent().compareTo(promised) > 0 && told.compareAndSet(false, true)) {
            world.say("late: " + watcher.differs(truth));
        }
        return false;
    }

    private Duration sinceLastEvent() {
        return Duration.ofNanos(System.nanoTime() - world.lastEventNanos());
    }

    private void awaitPresence(String when, PresenceWatcher... watchers) {
        awaitPresence(when, GRACE.plus(RIGHT_WITHIN), watchers);
    }

    private void awaitPresence(String when, Duration promised, PresenceWatcher... watchers) {
        Set<String> truth = devices.stream()
                .filter(device -> !device.isAway())
                .map(LiveDevice::userId)
                .collect(Collectors.toSet());
        for (PresenceWatcher watcher : watchers) {
            AtomicBoolean told = new AtomicBoolean();
            try {
                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(20))
                        .until(() -> truth.equals(watcher.present()) || isLate(watcher, truth, promised, told));
            } catch (ConditionTimeoutException e) {
                throw new AssertionError(
                        "presence is wrong %s, seed %d: %s".formatted(when, world.seed(), watcher.differs(truth)), e);
            }
            Duration took = sinceLastEvent();
            millis.merge(when, took.toMillis(), Math::max);
            assertThat(took)
                    .as("until presence was right %s, %d times as slow, seed %d", when, SLOWNESS, world.seed())
                    .isLessThanOrEqualTo(promised.multipliedBy(SLOWNESS));
        }
        world.say("presence is right " + when + " in ms: " + millis.get(when));
        for (PresenceWatcher watcher : watchers) {
            watcher.askAgain();
            await().atMost(PATIENCE).until(watcher::isAnswered);
            assertThat(watcher.present())
                    .as("asked %s, seed %d: %s", when, world.seed(), watcher.differs(truth))
                    .isEqualTo(truth);
        }
    }
}

package chat.milena.standalone.e2e;

import chat.milena.testsupport.RedisServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Breaks what is beside the log, one thing after the other and each at least once, and mends it again. For one thread.
final class LiveFaults {

    /// Longer than a gateway may be silent before others take its users.
    private static final int STALL_MILLIS = 4_500;

    private final LiveWorld world;
    private final GatewayProcess gateway;
    private final RedisServer redis;
    private final List<LiveDevice> devices;
    private final Random random;
    private final Map<Fault, Integer> done = new EnumMap<>(Fault.class);

    enum Fault {
        GATEWAY_KILLED,
        GATEWAY_STALLED,
        REDIS_KILLED,
        /// Redis is back at once, with nothing in it.
        REDIS_EMPTIED,
        BOTH_KILLED,
        MANY_CUT_OFF
    }

    LiveFaults(LiveWorld world, GatewayProcess gateway, RedisServer redis, List<LiveDevice> devices, Random random) {
        this.world = world;
        this.gateway = gateway;
        this.redis = redis;
        this.devices = devices;
        this.random = random;
    }

    /// Goes on until this moment, and until each fault was there once.
    ///
    /// @return how often each was
    Map<Fault, Integer> until(long deadlineNanos) throws IOException, InterruptedException {
        List<Fault> order = new ArrayList<>(List.of(Fault.values()));
        boolean all = false;
        while (!all || System.nanoTime() < deadlineNanos) {
            Collections.shuffle(order, random);
            for (Fault fault : order) {
                if (!all || System.nanoTime() < deadlineNanos) {
                    happen(fault);
                    world.say("mended " + fault);
                    done.merge(fault, 1, Integer::sum);
                    pause(300 + random.nextInt(1_500));
                }
            }
            all = true;
        }
        return done;
    }

    private void happen(Fault fault) throws IOException, InterruptedException {
        switch (fault) {
            case GATEWAY_KILLED -> {
                gateway.kill9();
                pause(random.nextInt(1_000));
                gateway.start();
            }
            case GATEWAY_STALLED -> {
                gateway.freeze();
                try {
                    pause(STALL_MILLIS);
                } finally {
                    gateway.thaw();
                }
            }
            case REDIS_KILLED -> {
                redis.kill();
                pause(500 + random.nextInt(2_500));
                redis.start();
            }
            case REDIS_EMPTIED -> {
                redis.kill();
                redis.start();
            }
            case BOTH_KILLED -> {
                redis.kill();
                gateway.kill9();
                gateway.start();
                redis.start();
            }
            case MANY_CUT_OFF -> {
                for (LiveDevice device : devices) {
                    if (random.nextInt(3) == 0) {
                        device.breakOff(random.nextBoolean());
                    }
                }
            }
        }
    }

    private static void pause(int millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }
}

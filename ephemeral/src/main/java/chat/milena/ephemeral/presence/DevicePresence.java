package chat.milena.ephemeral.presence;

import chat.milena.ephemeral.presence.PresenceStore.SeenDevice;
import chat.milena.ephemeral.redis.RedisClients;
import chat.milena.ephemeral.redis.StoreAwayException;
import chat.milena.runtime.config.Secret;
import chat.milena.schemas.key.UserKey;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisException;

/// Reads which devices of a user are connected, for processes that report none. Safe for all threads; waits for Redis.
///
/// While Redis is away nothing is known. Redis counts as away once it has failed for the patience of the caller, who
/// waits until then: one slow answer must not turn all devices into unknown ones. After a failure it is asked again in
/// a second. Beyond 64 callers at a time they wait for each other. A call ends within twice its patience and a few
/// timeouts of Redis.
public final class DevicePresence implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DevicePresence.class);
    private static final int CONNECTIONS_MAX = 8;
    private static final int CALLERS_MAX = 64;
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Supplier<@Nullable Secret> url;
    private final Duration timeout;
    private final PresenceTimes times;
    private final LongSupplier nanoTime;
    private final Semaphore callers = new Semaphore(CALLERS_MAX);
    private @Nullable Open open;
    /// Whether the last answer was a failure; that of the times is the first failure since the last answer.
    private boolean failing;
    private long failingSinceNanos;
    private long pausedUntilNanos;
    private boolean closed;

    private record Open(RedisClient client, PresenceScript script) {}

    /// @param url of the Redis; null while, or where, there is none
    /// @param timeout maximum time for Redis to connect, and to answer
    /// @param nanoTime a time that never goes back
    public DevicePresence(
            Supplier<@Nullable Secret> url, Duration timeout, PresenceTimes times, LongSupplier nanoTime) {
        this.url = url;
        this.timeout = timeout;
        this.times = times;
        this.nanoTime = nanoTime;
    }

    /// The devices of a user; empty if that is not known now.
    ///
    /// @param patience how long Redis may fail before it counts as away; zero for an immediate answer
    public Optional<List<SeenDevice>> of(UserKey user, Duration patience) {
        long beginNanos = nanoTime.getAsLong();
        try {
            Duration turn = patience.compareTo(timeout) < 0 ? timeout : patience;
            if (!callers.tryAcquire(turn.toNanos(), TimeUnit.NANOSECONDS)) {
                return Optional.empty();
            }
            try {
                while (true) {
                    Optional<List<SeenDevice>> answer = ask(user);
                    long pauseNanos = answer.isPresent() ? 0 : pauseNanos(beginNanos, patience.toNanos());
                    if (pauseNanos == 0) {
                        return answer;
                    }
                    TimeUnit.NANOSECONDS.sleep(pauseNanos);
                }
            } finally {
                callers.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private Optional<List<SeenDevice>> ask(UserKey user) {
        try {
            PresenceScript script = script();
            if (script == null) {
                return Optional.empty();
            }
            List<SeenDevice> devices = script.devices(user);
            answered();
            return Optional.of(devices);
        } catch (StoreAwayException e) {
            failed(e);
            return Optional.empty();
        }
    }

    /// How long to wait before Redis is asked again; 0 if the caller gives up.
    private synchronized long pauseNanos(long beginNanos, long patienceNanos) {
        long now = nanoTime.getAsLong();
        boolean away = failing && now - failingSinceNanos >= patienceNanos;
        if (closed || away || now - beginNanos >= patienceNanos || (open == null && url.get() == null)) {
            return 0;
        }
        return Math.max(AGAIN_NANOS, failing ? pausedUntilNanos - now : 0);
    }

    private synchronized @Nullable PresenceScript script() {
        if (closed || (failing && nanoTime.getAsLong() - pausedUntilNanos < 0)) {
            return null;
        }
        if (open == null) {
            Secret secret = url.get();
            if (secret == null) {
                return null;
            }
            open = opened(URI.create(secret.value()));
        }
        return open.script();
    }

    private Open opened(URI address) {
        RedisClient client = RedisClients.open(address, timeout, CONNECTIONS_MAX);
        try {
            return new Open(client, new PresenceScript(client, times));
        } catch (JedisException e) {
            client.close();
            throw StoreAwayException.of(e);
        }
    }

    private synchronized void answered() {
        failing = false;
    }

    private synchronized void failed(StoreAwayException e) {
        LOG.debug("Redis does not say which devices are connected: {}", e.getMessage());
        long now = nanoTime.getAsLong();
        if (!failing) {
            failing = true;
            failingSinceNanos = now;
        }
        pausedUntilNanos = now + PAUSE.toNanos();
        shut();
    }

    private void shut() {
        Open before = open;
        open = null;
        if (before != null) {
            before.client().close();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        shut();
    }
}

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
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads which devices of a user are connected, for processes that report none. Safe for all threads; waits for Redis,
/// at most a few times its timeout.
///
/// While Redis is away nothing is known: after a failure, callers get that immediately for a second. Beyond 64 callers
/// at a time they wait for each other, for the timeout of Redis.
public final class DevicePresence implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DevicePresence.class);
    private static final int CONNECTIONS_MAX = 8;
    private static final int CALLERS_MAX = 64;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Supplier<@Nullable Secret> url;
    private final Duration timeout;
    private final PresenceTimes times;
    private final LongSupplier nanoTime;
    private final Semaphore callers = new Semaphore(CALLERS_MAX);
    private @Nullable Open open;
    private boolean paused;
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
    public Optional<List<SeenDevice>> of(UserKey user) {
        try {
            if (!callers.tryAcquire(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                return Optional.empty();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
        try {
            PresenceScript script = script();
            return script == null ? Optional.empty() : Optional.of(script.devices(user));
        } catch (StoreAwayException e) {
            pause(e);
            return Optional.empty();
        } finally {
            callers.release();
        }
    }

    private synchronized @Nullable PresenceScript script() {
        if (closed || (paused && nanoTime.getAsLong() - pausedUntilNanos < 0)) {
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

    private synchronized void pause(StoreAwayException e) {
        LOG.debug("Redis does not say which devices are connected: {}", e.getMessage());
        paused = true;
        pausedUntilNanos = nanoTime.getAsLong() + PAUSE.toNanos();
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

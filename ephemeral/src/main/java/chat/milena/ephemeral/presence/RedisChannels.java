package chat.milena.ephemeral.presence;

import chat.milena.ephemeral.presence.PresenceStore.Listener;
import chat.milena.ephemeral.redis.StoreAwayException;
import chat.milena.schemas.key.UserKey;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisException;

/// The channels of Redis that one gateway listens to, on a connection and a thread of their own. It ends by itself
/// when nothing is received any longer, or by [#close()].
final class RedisChannels implements AutoCloseable {
    /// It repeats a subscription at this interval, so that it always has something to receive.
    private static final Duration ASK_EVERY = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(RedisChannels.class);
    private static final String ALWAYS = "milena:presence:always";
    private static final String PRESENCE = "milena:presence:shard:";
    private static final String PROFILE = "milena:profile:shard:";
    private static final String TYPING = "milena:typing:shard:";

    /// User, status, when last seen, time of the state, device type, which may be empty.
    private static final int PRESENCE_WORDS = 5;

    private final Heard heard;
    private final Set<String> wanted = new HashSet<>();
    private final Thread thread;
    private long asked = System.nanoTime();
    private volatile boolean ended;

    RedisChannels(RedisClient client, Listener listener) {
        this.heard = new Heard(listener);
        this.thread = Thread.ofPlatform().daemon().name("presence-channels").start(() -> run(client));
    }

    static String presence(PresenceShard shard) {
        return PRESENCE + shard.number();
    }

    static String profile(PresenceShard shard) {
        return PROFILE + shard.number();
    }

    static String typing(PresenceShard shard) {
        return TYPING + shard.number();
    }

    /// Replaces the channels to listen to; for one thread.
    void want(Set<String> channels) {
        if (!heard.channels.contains(ALWAYS)) {
            // Not connected yet: retried soon.
            return;
        }
        String[] more =
                channels.stream().filter(channel -> !wanted.contains(channel)).toArray(String[]::new);
        String[] fewer =
                wanted.stream().filter(channel -> !channels.contains(channel)).toArray(String[]::new);
        if (more.length > 0) {
            heard.subscribe(more);
        }
        if (fewer.length > 0) {
            heard.unsubscribe(fewer);
        }
        wanted.clear();
        wanted.addAll(channels);
        long now = System.nanoTime();
        if (now - asked >= ASK_EVERY.toNanos()) {
            asked = now;
            // No ping: Jedis fails if the pong arrives before it has noted its own request.
            heard.subscribe(ALWAYS);
        }
    }

    /// Whether all wanted channels are subscribed; for the same thread.
    ///
    /// @throws StoreAwayException if nothing is received
    boolean isComplete() {
        if (ended) {
            throw new StoreAwayException("nothing is received from Redis");
        }
        return heard.channels.contains(ALWAYS) && heard.channels.containsAll(wanted);
    }

    private void run(RedisClient client) {
        try {
            client.subscribe(heard, ALWAYS);
        } catch (JedisException e) {
            LOG.debug("Nothing is received from Redis: {}", e.toString());
        } catch (RuntimeException e) {
            LOG.error("Listening to Redis failed", e);
        } finally {
            ended = true;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            heard.unsubscribe();
        } catch (JedisException e) {
            // It ends by its silence at the latest.
            LOG.debug("The subscription to Redis was not closed properly: {}", e.toString());
        }
    }

    private static final class Heard extends JedisPubSub {
        private final Set<String> channels = ConcurrentHashMap.newKeySet();
        private final Listener listener;

        Heard(Listener listener) {
            this.listener = listener;
        }

        @Override
        public void onSubscribe(String channel, int count) {
            channels.add(channel);
        }

        @Override
        public void onUnsubscribe(String channel, int count) {
            channels.remove(channel);
        }

        @Override
        public void onMessage(String channel, String message) {
            try {
                if (channel.startsWith(PRESENCE)) {
                    listener.changed(known(message));
                } else if (channel.startsWith(PROFILE)) {
                    ProfileCodec.read(message).ifPresent(listener::profiled);
                } else if (channel.startsWith(TYPING)) {
                    TypingCodec.read(message).ifPresent(listener::typed);
                }
            } catch (RuntimeException e) {
                // From a later version, or not ours: a gateway that lacks it misses one update.
                LOG.warn("Ignored a message of channel {}: {}", channel, e.toString());
            }
        }

        private static PresenceStore.Known known(String message) {
            String[] words = message.split(" ", PRESENCE_WORDS);
            UserKey user = PresenceShard.user(words[0]);
            return RedisStore.known(
                    user, words[1], words[2], words[3], words.length < PRESENCE_WORDS ? null : words[4]);
        }
    }
}

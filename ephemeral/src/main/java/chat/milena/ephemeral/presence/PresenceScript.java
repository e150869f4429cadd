package chat.milena.ephemeral.presence;

import chat.milena.ephemeral.presence.PresenceStore.SeenDevice;
import chat.milena.ephemeral.redis.RedisClients;
import chat.milena.ephemeral.redis.StoreAwayException;
import chat.milena.protocol.frame.PresenceStatus;
import chat.milena.schemas.key.UserKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisException;

/// `presence.lua` in one Redis. Safe for all threads; waits for Redis.
final class PresenceScript {
    private static final String SCRIPT = RedisClients.script(PresenceScript.class, "presence.lua");
    private static final int FIELDS_OF_A_DEVICE = 4;

    private final RedisClient client;
    private final String script;
    private final List<String> times;

    /// @throws JedisException if Redis does not take the script
    PresenceScript(RedisClient client, PresenceTimes times) {
        this.client = client;
        this.script = client.scriptLoad(SCRIPT);
        this.times = List.of(
                millis(times.grace()),
                millis(times.pause()),
                millis(times.life()),
                millis(times.memory()),
                millis(times.deadAfter()));
    }

    /// Runs an operation.
    ///
    /// @throws StoreAwayException if Redis does not answer
    Object run(String operation, List<String> arguments) {
        List<String> all = new ArrayList<>(1 + times.size() + arguments.size());
        all.add(operation);
        all.addAll(times);
        all.addAll(arguments);
        try {
            return client.evalsha(script, List.of(), all);
        } catch (JedisException e) {
            throw StoreAwayException.of(e);
        }
    }

    /// The devices of a user.
    List<SeenDevice> devices(UserKey user) {
        if (!(run("devices", List.of(PresenceShard.name(user))) instanceof List<?> words)
                || words.size() % FIELDS_OF_A_DEVICE != 0) {
            throw new StoreAwayException("unexpected reply from Redis");
        }
        List<SeenDevice> devices = new ArrayList<>();
        for (int i = 0; i < words.size(); i += FIELDS_OF_A_DEVICE) {
            devices.add(new SeenDevice(
                    String.valueOf(words.get(i)),
                    PresenceStatus.parse(String.valueOf(words.get(i + 1))).orElse(PresenceStatus.OFFLINE),
                    Long.parseLong(String.valueOf(words.get(i + 2))),
                    Long.parseLong(String.valueOf(words.get(i + 3)))));
        }
        return devices;
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }
}

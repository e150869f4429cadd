package chat.milena.ephemeral.presence;

import chat.milena.ephemeral.redis.RedisClients;
import chat.milena.ephemeral.redis.StoreAwayException;
import chat.milena.protocol.frame.PresenceStatus;
import chat.milena.schemas.avro.User;
import chat.milena.schemas.key.UserKey;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisException;

/// The [PresenceStore] in one Redis (or behind a proxy to one; not a Redis Cluster, since a step uses keys of
/// several users). Every step is one run of `presence.lua`, so that gateways never race.
public final class RedisStore implements PresenceStore {
    private static final int CONNECTIONS_MAX = 3;
    private static final String NO_DEVICE = "~";
    private static final int USERS_A_CALL_MAX = 100;
    private static final int FIELDS_OF_A_USER = 3;
    /// The time of the state comes before the fields of the users.
    private static final int FIELDS_OF_ALL = 1;

    private final RedisClient client;
    private final RedisChannels channels;
    private final PresenceScript script;

    private RedisStore(RedisClient client, PresenceTimes times, Listener listener) {
        this.client = client;
        this.script = new PresenceScript(client, times);
        this.channels = new RedisChannels(client, listener);
    }

    /// Connects.
    ///
    /// @param timeout maximum time for Redis to connect, and to answer
    /// @throws StoreAwayException if Redis does not answer
    public static RedisStore open(URI url, Duration timeout, PresenceTimes times, Listener listener) {
        RedisClient client = RedisClients.open(url, timeout, CONNECTIONS_MAX);
        try {
            return new RedisStore(client, times, listener);
        } catch (JedisException e) {
            client.close();
            throw StoreAwayException.of(e);
        }
    }

    @Override
    public void join(String gatewayId) {
        run("join", List.of(gatewayId));
    }

    @Override
    public boolean beat(String gatewayId) {
        return number(run("beat", List.of(gatewayId))) > 0;
    }

    @Override
    public boolean place(String gatewayId, List<Placement> placements) {
        for (int from = 0; from < placements.size(); from += USERS_A_CALL_MAX) {
            List<String> arguments = new ArrayList<>();
            arguments.add(gatewayId);
            placements
                    .subList(from, Math.min(placements.size(), from + USERS_A_CALL_MAX))
                    .forEach(placement -> add(arguments, placement));
            if (number(run("place", arguments)) == 0) {
                return false;
            }
        }
        return true;
    }

    private static void add(List<String> arguments, Placement placement) {
        arguments.add(PresenceShard.name(placement.user()));
        arguments.add(Integer.toString(placement.devices().size()));
        placement.devices().forEach((connectionId, device) -> {
            arguments.add(connectionId);
            String deviceId = device.deviceId();
            arguments.add(String.join(
                    "|",
                    device.status().word(),
                    device.deviceType() == null ? "" : device.deviceType(),
                    deviceId == null ? NO_DEVICE + connectionId : deviceId));
        });
    }

    @Override
    public int settle(int most) {
        return Math.toIntExact(number(run("settle", List.of(Integer.toString(most)))));
    }

    @Override
    public List<Known> read(List<UserKey> users) {
        List<Known> known = new ArrayList<>(users.size());
        for (int from = 0; from < users.size(); from += USERS_A_CALL_MAX) {
            List<UserKey> some = users.subList(from, Math.min(users.size(), from + USERS_A_CALL_MAX));
            Object answer = run("read", some.stream().map(PresenceShard::name).toList());
            if (!(answer instanceof List<?> words) || words.size() != FIELDS_OF_ALL + FIELDS_OF_A_USER * some.size()) {
                throw new StoreAwayException("unexpected reply from Redis");
            }
            String at = String.valueOf(words.getFirst());
            for (int i = 0; i < some.size(); i++) {
                int first = FIELDS_OF_ALL + FIELDS_OF_A_USER * i;
                known.add(known(
                        some.get(i),
                        String.valueOf(words.get(first)),
                        String.valueOf(words.get(first + 1)),
                        at,
                        String.valueOf(words.get(first + 2))));
            }
        }
        return known;
    }

    @Override
    public List<SeenDevice> devices(UserKey user) {
        return script.devices(user);
    }

    /// A user from the fields of a script's reply.
    static Known known(UserKey user, String status, String seenMillis, String at, @Nullable String deviceType) {
        return new Known(
                user,
                PresenceStatus.parse(status).orElse(PresenceStatus.OFFLINE),
                Long.parseLong(seenMillis),
                deviceType == null || deviceType.isEmpty() ? null : deviceType,
                Long.parseLong(at));
    }

    @Override
    public void publish(Typing typing) {
        Map<PresenceShard, Set<String>> byShard = new HashMap<>();
        for (String userId : typing.recipients()) {
            UserKey recipient = new UserKey(typing.user().tenant(), userId);
            byShard.computeIfAbsent(PresenceShard.of(recipient), none -> new HashSet<>())
                    .add(userId);
        }
        // One round trip, whatever the number of shards.
        try (Pipeline pipeline = client.pipelined()) {
            byShard.forEach((shard, recipients) ->
                    pipeline.publish(RedisChannels.typing(shard), TypingCodec.text(typing, recipients)));
            pipeline.sync();
        } catch (JedisException e) {
            throw StoreAwayException.of(e);
        }
    }

    @Override
    public void publish(User user) {
        PresenceShard shard = PresenceShard.of(new UserKey(user.getTenant(), user.getUserId()));
        try {
            client.publish(RedisChannels.profile(shard), ProfileCodec.text(user));
        } catch (JedisException e) {
            throw StoreAwayException.of(e);
        }
    }

    @Override
    public void listenTo(Collection<PresenceShard> presence, Collection<PresenceShard> typing) {
        Set<String> wanted = new HashSet<>();
        presence.forEach(shard -> {
            wanted.add(RedisChannels.presence(shard));
            wanted.add(RedisChannels.profile(shard));
        });
        typing.forEach(shard -> wanted.add(RedisChannels.typing(shard)));
        try {
            channels.want(wanted);
        } catch (JedisException e) {
            throw StoreAwayException.of(e);
        }
    }

    @Override
    public boolean isListening() {
        return channels.isComplete();
    }

    @Override
    public void close() {
        channels.close();
        client.close();
    }

    private Object run(String operation, List<String> arguments) {
        return script.run(operation, arguments);
    }

    private static long number(Object answer) {
        if (answer instanceof Long number) {
            return number;
        }
        throw new StoreAwayException("unexpected reply from Redis");
    }
}

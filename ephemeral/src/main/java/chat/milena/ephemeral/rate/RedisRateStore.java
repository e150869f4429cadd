package chat.milena.ephemeral.rate;

import chat.milena.ephemeral.redis.RedisClients;
import chat.milena.ephemeral.redis.StoreAwayException;
import chat.milena.runtime.limit.RateLimiter.Rate;
import chat.milena.schemas.key.UserKey;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisException;

/// The [RateStore] in one Redis, by `rates.lua`: one round trip for any number of users.
final class RedisRateStore implements RateStore {
    private static final String SCRIPT = RedisClients.script(RedisRateStore.class, "rates.lua");
    private static final int CONNECTIONS_MAX = 1;
    /// Redis does nothing else during a call.
    private static final int USERS_A_CALL_MAX = 100;

    private final RedisClient client;
    private final String script;

    private RedisRateStore(RedisClient client) {
        this.client = client;
        this.script = client.scriptLoad(SCRIPT);
    }

    /// Connects.
    ///
    /// @param timeout maximum time for Redis to connect, and to answer
    /// @throws StoreAwayException if Redis does not answer
    static RedisRateStore open(URI url, Duration timeout) {
        RedisClient client = RedisClients.open(url, timeout, CONNECTIONS_MAX);
        try {
            return new RedisRateStore(client);
        } catch (JedisException e) {
            client.close();
            throw StoreAwayException.of(e);
        }
    }

    /// The key of a user's allowances.
    static String key(UserKey user) {
        return "milena:rate:" + user.tenant() + "/" + user.userId();
    }

    @Override
    public List<List<Duration>> report(List<Rate> rates, List<Usage> spent) {
        List<Response<Object>> answers = new ArrayList<>();
        try (Pipeline pipeline = client.pipelined()) {
            for (int from = 0; from < spent.size(); from += USERS_A_CALL_MAX) {
                List<Usage> some = spent.subList(from, Math.min(spent.size(), from + USERS_A_CALL_MAX));
                answers.add(pipeline.evalsha(
                        script, some.stream().map(one -> key(one.user())).toList(), arguments(rates, some)));
            }
            pipeline.sync();
            List<Duration> all = new ArrayList<>(spent.size() * rates.size());
            for (Response<Object> answer : answers) {
                add(all, answer.get());
            }
            return byUser(all, spent.size(), rates.size());
        } catch (JedisException e) {
            throw StoreAwayException.of(e);
        }
    }

    private static List<String> arguments(List<Rate> rates, List<Usage> spent) {
        List<String> arguments = new ArrayList<>();
        arguments.add(Integer.toString(rates.size()));
        for (Rate rate : rates) {
            arguments.add(Integer.toString(rate.tokens()));
            arguments.add(micros(rate.period()));
        }
        for (Usage one : spent) {
            arguments.add(Integer.toString(one.messages()));
            arguments.add(micros(one.age()));
        }
        return arguments;
    }

    private static String micros(Duration duration) {
        return Long.toString(TimeUnit.NANOSECONDS.toMicros(duration.toNanos()));
    }

    private static void add(List<Duration> all, Object answer) {
        if (!(answer instanceof List<?> numbers)) {
            throw new StoreAwayException("unexpected reply from Redis");
        }
        for (Object number : numbers) {
            if (!(number instanceof Long micros)) {
                throw new StoreAwayException("unexpected reply from Redis");
            }
            all.add(Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(micros)));
        }
    }

    private static List<List<Duration>> byUser(List<Duration> all, int users, int rates) {
        if (all.size() != users * rates) {
            throw new StoreAwayException("unexpected reply from Redis");
        }
        List<List<Duration>> byUser = new ArrayList<>(users);
        for (int from = 0; from < all.size(); from += rates) {
            byUser.add(all.subList(from, from + rates));
        }
        return byUser;
    }

    @Override
    public void check() {
        try {
            client.ping();
        } catch (JedisException e) {
            throw StoreAwayException.of(e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}

package chat.milena.ephemeral.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.JedisURIHelper;

/// Makes clients of one Redis: bounded in connections and in the time of each call.
public final class RedisClients {
    /// How long a listening connection may receive nothing; it receives the answers to its own requests in that
    /// time.
    public static final Duration SILENCE_MAX = Duration.ofSeconds(3);

    private RedisClients() {}

    /// A connected client.
    ///
    /// @param url with user, password and database, if there are any
    /// @param timeout maximum time for Redis to connect, and to answer
    /// @param connectionsMax connections; a caller that needs one more waits for it up to the timeout
    /// @throws StoreAwayException if Redis does not answer
    public static RedisClient open(URI url, Duration timeout, int connectionsMax) {
        RedisClient client = client(url, timeout, connectionsMax);
        try {
            client.ping();
            return client;
        } catch (JedisException e) {
            client.close();
            throw StoreAwayException.of(e);
        }
    }

    private static RedisClient client(URI url, Duration timeout, int connectionsMax) {
        int timeoutMillis = Math.toIntExact(timeout.toMillis());
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(connectionsMax);
        pool.setMaxWait(timeout);
        pool.setJmxEnabled(false);
        DefaultJedisClientConfig.Builder config = DefaultJedisClientConfig.builder()
                .connectionTimeoutMillis(timeoutMillis)
                .socketTimeoutMillis(timeoutMillis)
                .blockingSocketTimeoutMillis(Math.toIntExact(SILENCE_MAX.toMillis()))
                .user(JedisURIHelper.getUser(url))
                .password(JedisURIHelper.getPassword(url))
                .database(JedisURIHelper.getDBIndex(url))
                .clientName("milena");
        if (JedisURIHelper.isRedisSSLScheme(url)) {
            config.sslOptions(SslOptions.defaults());
        }
        return RedisClient.builder()
                .hostAndPort(JedisURIHelper.getHostAndPort(url))
                .clientConfig(config.build())
                .poolConfig(pool)
                .build();
    }

    /// The text of a script in the package of a class.
    public static String script(Class<?> beside, String name) {
        try (InputStream in = beside.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

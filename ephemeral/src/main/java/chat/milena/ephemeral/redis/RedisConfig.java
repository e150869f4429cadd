package chat.milena.ephemeral.redis;

import chat.milena.runtime.config.Secret;
import chat.milena.runtime.config.Settings;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which Redis is used, and how long it may take. Immutable.
///
/// @param url which may hold a password; null for none: then presence and typing are paused, and users' rates, which
///     are shared there too, are each gateway's own
/// @param timeout how long Redis may take to connect, and to answer
public record RedisConfig(@Nullable Secret url, Duration timeout) {
    private static final Set<String> SCHEMES = Set.of("redis", "rediss");

    /// No Redis.
    public static final RedisConfig DEFAULT = new RedisConfig(null, Duration.ofMillis(250));

    public RedisConfig {
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("timeout must be positive");
        }
    }

    /// What the environment says; what is wrong with it is noted there.
    public static RedisConfig of(Settings environment) {
        return new RedisConfig(
                url(environment, "MILENA_REDIS_URL"),
                environment.duration(
                        "MILENA_REDIS_TIMEOUT", DEFAULT.timeout(), Duration.ofMillis(10), Duration.ofSeconds(10)));
    }

    /// The same with another Redis.
    public RedisConfig withUrl(@Nullable Secret other) {
        return new RedisConfig(other, timeout);
    }

    /// The URL under this name, or null where it is not set; what is wrong with it is noted.
    public static @Nullable Secret url(Settings settings, String name) {
        Secret url = settings.optionalSecret(name);
        return url == null ? null : settings.readSecret(name, new Secret(""), RedisConfig::url);
    }

    /// The URL of a Redis.
    ///
    /// @throws IllegalArgumentException if it is none; without the text, which may hold a password
    public static Secret url(String text) {
        try {
            URI uri = new URI(text);
            if (uri.getScheme() != null
                    && SCHEMES.contains(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getPort() > 0) {
                return new Secret(text);
            }
        } catch (URISyntaxException e) {
            // Refused below, in words that do not repeat it.
        }
        throw new IllegalArgumentException(
                "must be a URL such as redis://127.0.0.1:6379 or rediss://:password@host:6380");
    }
}

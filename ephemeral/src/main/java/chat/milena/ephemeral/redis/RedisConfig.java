package chat.milena.ephemeral.redis;

import chat.milena.runtime.config.Secret;
import chat.milena.runtime.config.Settings;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The Redis to use, and its timeout. Immutable.
///
/// @param url may hold a password; null for no Redis: presence and typing are paused, and each gateway counts the
/// rates of users alone
/// @param timeout maximum time for Redis to connect, and to answer
public record RedisConfig(@Nullable Secret url, Duration timeout) {
    private static final Set<String> SCHEMES = Set.of("redis", "rediss");

    /// No Redis.
    public static final RedisConfig DEFAULT = new RedisConfig(null, Duration.ofMillis(250));

    public RedisConfig {
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("timeout must be positive");
        }
    }

    /// Reads the settings, and notes errors there.
    public static RedisConfig of(Settings settings) {
        return new RedisConfig(
                url(settings, "MILENA_REDIS_URL"),
                settings.duration(
                        "MILENA_REDIS_TIMEOUT", DEFAULT.timeout(), Duration.ofMillis(10), Duration.ofSeconds(10)));
    }

    /// The same with this Redis.
    public RedisConfig withUrl(@Nullable Secret other) {
        return new RedisConfig(other, timeout);
    }

    /// The URL under this name, or null if it is not set; errors are noted.
    public static @Nullable Secret url(Settings settings, String name) {
        Secret url = settings.optionalSecret(name);
        return url == null ? null : settings.readSecret(name, new Secret(""), RedisConfig::url);
    }

    /// The URL of a Redis.
    ///
    /// @throws IllegalArgumentException if the text is no such URL; without the text, which may hold a password
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
            // Rejected below, without repeating the text.
        }
        throw new IllegalArgumentException(
                "must be a URL such as redis://127.0.0.1:6379 or rediss://:password@host:6380");
    }
}

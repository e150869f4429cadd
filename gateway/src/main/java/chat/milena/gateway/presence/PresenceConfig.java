package chat.milena.gateway.presence;

import chat.milena.runtime.config.Secret;
import chat.milena.runtime.config.Settings;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where presence is kept and when it is told. Immutable.
///
/// @param redis the URL of Redis, which may hold a password; null for none: then presence and typing are paused, and
///     users' rates, which are shared there too, are each gateway's own
/// @param timeout how long Redis may take to connect, and to answer
/// @param grace from somebody's last sign of presence to the word that they are offline
/// @param pause between two words on one user
/// @param life how long a presence lasts that is not refreshed
/// @param memory how long it is known when somebody was last seen
/// @param deadAfter how long a gateway may be silent before others take its users
/// @param typingLife how long somebody types who does not say so again
/// @param watchedMax people whom one connection may watch
public record PresenceConfig(
        @Nullable Secret redis,
        Duration timeout,
        Duration grace,
        Duration pause,
        Duration life,
        Duration memory,
        Duration deadAfter,
        Duration typingLife,
        int watchedMax) {

    private static final Set<String> SCHEMES = Set.of("redis", "rediss");

    /// What the protocol promises, without a Redis.
    public static final PresenceConfig DEFAULT = new PresenceConfig(
            null,
            Duration.ofMillis(250),
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            Duration.ofSeconds(120),
            Duration.ofDays(30),
            Duration.ofSeconds(3),
            Duration.ofSeconds(5),
            500);

    public PresenceConfig {
        if (!timeout.isPositive() || grace.isNegative() || pause.isNegative() || !memory.isPositive()) {
            throw new IllegalArgumentException("timeout and memory must be positive, grace and pause not negative");
        }
        if (life.compareTo(grace) <= 0 || !deadAfter.isPositive()) {
            throw new IllegalArgumentException("life must be over grace, deadAfter positive");
        }
        if (!typingLife.isPositive() || watchedMax < 1) {
            throw new IllegalArgumentException("typingLife must be positive, watchedMax at least 1");
        }
    }

    /// What the environment says; what is wrong with it is noted there.
    public static PresenceConfig of(Settings environment) {
        Duration timeout = environment.duration(
                "MILENA_REDIS_TIMEOUT", DEFAULT.timeout(), Duration.ofMillis(10), Duration.ofSeconds(10));
        Duration grace =
                environment.duration("MILENA_PRESENCE_GRACE", DEFAULT.grace(), Duration.ZERO, Duration.ofMinutes(5));
        Duration life = environment.duration(
                "MILENA_PRESENCE_LIFE", DEFAULT.life(), Duration.ofSeconds(10), Duration.ofHours(1));
        if (life.compareTo(grace) <= 0) {
            environment.refuse("MILENA_PRESENCE_LIFE must be over MILENA_PRESENCE_GRACE");
            life = grace.plus(DEFAULT.life());
        }
        return new PresenceConfig(
                redis(environment, "MILENA_REDIS_URL"),
                timeout,
                grace,
                environment.duration("MILENA_PRESENCE_PAUSE", DEFAULT.pause(), Duration.ZERO, Duration.ofMinutes(1)),
                life,
                DEFAULT.memory(),
                DEFAULT.deadAfter(),
                environment.duration(
                        "MILENA_TYPING_LIFE", DEFAULT.typingLife(), Duration.ofSeconds(1), Duration.ofMinutes(1)),
                environment.integer("MILENA_PRESENCE_WATCHED_MAX", DEFAULT.watchedMax(), 1, 5_000));
    }

    /// The same with another Redis.
    public PresenceConfig withRedis(@Nullable Secret url) {
        return new PresenceConfig(url, timeout, grace, pause, life, memory, deadAfter, typingLife, watchedMax);
    }

    /// The URL under this name, or null where it is not set; what is wrong with it is noted.
    public static @Nullable Secret redis(Settings settings, String name) {
        Secret url = settings.optionalSecret(name);
        return url == null ? null : settings.readSecret(name, new Secret(""), PresenceConfig::url);
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

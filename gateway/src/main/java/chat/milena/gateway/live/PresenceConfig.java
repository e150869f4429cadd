package chat.milena.gateway.live;

import chat.milena.ephemeral.presence.PresenceTimes;
import chat.milena.ephemeral.redis.RedisConfig;
import chat.milena.runtime.config.Secret;
import chat.milena.runtime.config.Settings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The store of presence and when changes are reported. Immutable.
///
/// @param typingLife how long typing lasts without a repeated start
/// @param typingMembersMax members of a conversation above which typing is not sent
/// @param watchedMax users that one connection may watch
public record PresenceConfig(
        RedisConfig redis, PresenceTimes times, Duration typingLife, int typingMembersMax, int watchedMax) {
    /// The defaults that the protocol documents, without a Redis.
    public static final PresenceConfig DEFAULT =
            new PresenceConfig(RedisConfig.DEFAULT, PresenceTimes.DEFAULT, Duration.ofSeconds(5), 100, 500);

    public PresenceConfig {
        if (!typingLife.isPositive() || typingMembersMax < 2 || watchedMax < 1) {
            throw new IllegalArgumentException(
                    "typingLife must be positive, typingMembersMax at least 2, watchedMax at least 1");
        }
    }

    /// Reads the settings, and notes errors there.
    public static PresenceConfig of(Settings settings) {
        return new PresenceConfig(
                RedisConfig.of(settings),
                PresenceTimes.of(settings),
                settings.duration(
                        "MILENA_TYPING_LIFE", DEFAULT.typingLife(), Duration.ofSeconds(1), Duration.ofMinutes(1)),
                settings.integer("MILENA_TYPING_BROADCAST_MAX", DEFAULT.typingMembersMax(), 2, 1_000),
                settings.integer("MILENA_PRESENCE_WATCHED_MAX", DEFAULT.watchedMax(), 1, 5_000));
    }

    /// The same with this Redis.
    public PresenceConfig withRedis(@Nullable Secret url) {
        return new PresenceConfig(redis.withUrl(url), times, typingLife, typingMembersMax, watchedMax);
    }
}

package chat.milena.ephemeral.presence;

import chat.milena.runtime.config.Settings;
import java.time.Duration;

/// How long what is known of somebody's presence holds. Immutable.
///
/// @param grace from somebody's last sign of presence to the word that they are offline
/// @param pause between two words on one user
/// @param life how long a presence lasts that is not refreshed
/// @param memory how long it is known when somebody was last seen
/// @param deadAfter how long a gateway may be silent before others take its users
public record PresenceTimes(Duration grace, Duration pause, Duration life, Duration memory, Duration deadAfter) {
    /// What the protocol promises.
    public static final PresenceTimes DEFAULT = new PresenceTimes(
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            Duration.ofSeconds(120),
            Duration.ofDays(30),
            Duration.ofSeconds(3));

    public PresenceTimes {
        if (grace.isNegative() || pause.isNegative() || !memory.isPositive()) {
            throw new IllegalArgumentException("memory must be positive, grace and pause not negative");
        }
        if (life.compareTo(grace) <= 0 || !deadAfter.isPositive()) {
            throw new IllegalArgumentException("life must be over grace, deadAfter positive");
        }
    }

    /// What the environment says; what is wrong with it is noted there.
    public static PresenceTimes of(Settings environment) {
        Duration grace =
                environment.duration("MILENA_PRESENCE_GRACE", DEFAULT.grace(), Duration.ZERO, Duration.ofMinutes(5));
        Duration life = environment.duration(
                "MILENA_PRESENCE_LIFE", DEFAULT.life(), Duration.ofSeconds(10), Duration.ofHours(1));
        if (life.compareTo(grace) <= 0) {
            environment.refuse("MILENA_PRESENCE_LIFE must be over MILENA_PRESENCE_GRACE");
            life = grace.plus(DEFAULT.life());
        }
        return new PresenceTimes(
                grace,
                environment.duration("MILENA_PRESENCE_PAUSE", DEFAULT.pause(), Duration.ZERO, Duration.ofMinutes(1)),
                life,
                DEFAULT.memory(),
                DEFAULT.deadAfter());
    }
}

package chat.milena.ephemeral.presence;

import chat.milena.runtime.config.Settings;
import java.time.Duration;

/// How long presence is valid. Immutable.
///
/// @param grace from a user's last sign of presence to the update to offline
/// @param pause minimum interval between two updates about one user
/// @param life how long a presence lasts without a refresh
/// @param memory how long the time of a user's last presence is known
/// @param deadAfter how long a gateway may be silent before others take its users
public record PresenceTimes(Duration grace, Duration pause, Duration life, Duration memory, Duration deadAfter) {
    /// The defaults that the protocol documents.
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

    /// Reads the settings, and notes errors there.
    public static PresenceTimes of(Settings settings) {
        Duration grace =
                settings.duration("MILENA_PRESENCE_GRACE", DEFAULT.grace(), Duration.ZERO, Duration.ofMinutes(5));
        Duration life =
                settings.duration("MILENA_PRESENCE_LIFE", DEFAULT.life(), Duration.ofSeconds(10), Duration.ofHours(1));
        if (life.compareTo(grace) <= 0) {
            settings.refuse("MILENA_PRESENCE_LIFE must be over MILENA_PRESENCE_GRACE");
            life = grace.plus(DEFAULT.life());
        }
        return new PresenceTimes(
                grace,
                settings.duration("MILENA_PRESENCE_PAUSE", DEFAULT.pause(), Duration.ZERO, Duration.ofMinutes(1)),
                life,
                DEFAULT.memory(),
                DEFAULT.deadAfter());
    }
}

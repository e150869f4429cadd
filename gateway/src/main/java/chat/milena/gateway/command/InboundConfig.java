package chat.milena.gateway.command;

import chat.milena.runtime.config.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// How commands are appended. Immutable.
///
/// @param queueMax commands that wait for the producer; beyond it new ones are rejected
/// @param tenantQueueMax those of one tenant among them
/// @param linger how long the producer waits to fill a batch
/// @param gatherMax how long commands are collected before the producer gets them, at high rates
/// @param deliveryTimeout how long the producer retries
/// @param blockMax how long the producer may block for one command
public record InboundConfig(
        int queueMax,
        int tenantQueueMax,
        Duration linger,
        Duration gatherMax,
        Duration deliveryTimeout,
        Duration blockMax) {
    /// For one machine: a batch holds the commands of a millisecond.
    public static final InboundConfig DEFAULT = new InboundConfig(
            20_000, 10_000, Duration.ofMillis(1), Duration.ofMillis(10), Duration.ofSeconds(10), Duration.ofSeconds(5));

    public InboundConfig {
        List<String> errors = new ArrayList<>();
        if (queueMax < 1) {
            errors.add("queueMax must be at least 1");
        }
        if (tenantQueueMax < 1) {
            errors.add("tenantQueueMax must be at least 1");
        }
        if (linger.isNegative() || gatherMax.isNegative()) {
            errors.add("linger and gatherMax must not be negative");
        }
        if (deliveryTimeout.compareTo(linger) <= 0) {
            errors.add("deliveryTimeout must be over linger");
        }
        if (!blockMax.isPositive()) {
            errors.add("blockMax must be positive");
        }
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", errors));
        }
    }

    /// Reads the settings, and notes errors there.
    public static InboundConfig of(Settings settings) {
        return new InboundConfig(
                DEFAULT.queueMax,
                DEFAULT.tenantQueueMax,
                settings.duration("MILENA_APPEND_LINGER", DEFAULT.linger, Duration.ZERO, Duration.ofSeconds(1)),
                settings.duration("MILENA_APPEND_GATHER_MAX", DEFAULT.gatherMax, Duration.ZERO, Duration.ofSeconds(1)),
                DEFAULT.deliveryTimeout,
                DEFAULT.blockMax);
    }

    /// The same with another bound for one tenant.
    public InboundConfig withTenantQueueMax(int other) {
        return new InboundConfig(queueMax, other, linger, gatherMax, deliveryTimeout, blockMax);
    }
}

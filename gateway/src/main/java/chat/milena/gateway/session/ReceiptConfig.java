package chat.milena.gateway.session;

import chat.milena.runtime.config.Settings;
import java.time.Duration;

/// How receipts are gathered, on their way in and out. Immutable.
///
/// @param window how long a receipt waits for others that make one with it
/// @param heldMax receipts of one connection that wait, one for each conversation and kind; beyond it they are sent at
///     once
/// @param inFlightMax receipts of one connection that were sent and are without an outcome; beyond it others wait
public record ReceiptConfig(Duration window, int heldMax, int inFlightMax) {
    /// Short enough for a receipt to look immediate; as many as a sync may name conversations.
    public static final ReceiptConfig DEFAULT = new ReceiptConfig(Duration.ofMillis(200), 500, 16);

    public ReceiptConfig {
        if (!window.isPositive() || heldMax < 1 || inFlightMax < 1) {
            throw new IllegalArgumentException("window must be positive, heldMax and inFlightMax at least 1");
        }
    }

    static ReceiptConfig of(Settings settings) {
        return new ReceiptConfig(
                settings.duration("MILENA_RECEIPT_WINDOW", DEFAULT.window, Duration.ofMillis(1), Duration.ofSeconds(5)),
                settings.integer("MILENA_RECEIPTS_HELD_MAX", DEFAULT.heldMax, 1, 100_000),
                DEFAULT.inFlightMax);
    }
}

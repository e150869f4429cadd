package chat.milena.gateway.session;

import chat.milena.runtime.config.Settings;
import java.time.Duration;

/// How receipts are merged, incoming and outgoing. Immutable.
///
/// @param window how long a receipt waits for others to be merged with
/// @param heldMax waiting receipts of one connection, one for each conversation and kind; beyond it they are sent
/// immediately
/// @param inFlightMax sent receipts of one connection without an outcome; beyond it others wait
/// @param broadcastMax up to how many members all of them are shown a receipt, as the sequencer decides
public record ReceiptConfig(Duration window, int heldMax, int inFlightMax, int broadcastMax) {
    /// Short enough for a receipt to look immediate; as many as the conversations of a sync.
    public static final ReceiptConfig DEFAULT = new ReceiptConfig(Duration.ofMillis(200), 500, 16, 100);

    public ReceiptConfig {
        if (!window.isPositive() || heldMax < 1 || inFlightMax < 1) {
            throw new IllegalArgumentException("window must be positive, heldMax and inFlightMax at least 1");
        }
    }

    static ReceiptConfig of(Settings settings) {
        return new ReceiptConfig(
                settings.duration("MILENA_RECEIPT_WINDOW", DEFAULT.window, Duration.ofMillis(1), Duration.ofSeconds(5)),
                settings.integer("MILENA_RECEIPTS_HELD_MAX", DEFAULT.heldMax, 1, 100_000),
                DEFAULT.inFlightMax,
                settings.integer("MILENA_RECEIPTS_BROADCAST_MAX", DEFAULT.broadcastMax, 2, 1_000));
    }
}

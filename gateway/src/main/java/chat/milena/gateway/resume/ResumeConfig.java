package chat.milena.gateway.resume;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// How far back a gateway goes for clients that come back, and what that may take. Immutable.
///
/// @param recentDeliveriesMax deliveries of all shards that are kept at hand
/// @param recentBytesMax the same in bytes, about as they take in memory; both may be twice as much for a while when
///     many come back from long ago
/// @param recentFor how long they are kept at hand at most
/// @param missedDeliveriesMax what one client may have missed; beyond it, it must sync
/// @param missedBytesMax the same in bytes
/// @param missedBytesOfAllMax what all clients have missed that has not been written to them yet; beyond it, those who
///     come must sync
/// @param scansMax how many read the log at once for what is no longer at hand
/// @param scanDeliveriesMax deliveries that one of them reads; what lies further back is not gone for
/// @param scanBytesMax the same in bytes
/// @param within how long a client may wait for it
public record ResumeConfig(
        int recentDeliveriesMax,
        long recentBytesMax,
        Duration recentFor,
        int missedDeliveriesMax,
        long missedBytesMax,
        long missedBytesOfAllMax,
        int scansMax,
        int scanDeliveriesMax,
        long scanBytesMax,
        Duration within) {
    private static final long MIB = 1L << 20;

    /// For a machine of two processors.
    public static final ResumeConfig DEFAULT = new ResumeConfig(
            200_000,
            32 * MIB,
            Duration.ofMinutes(2),
            5_000,
            8 * MIB,
            64 * MIB,
            2,
            50_000,
            32 * MIB,
            Duration.ofSeconds(5));

    public ResumeConfig {
        List<String> errors = new ArrayList<>();
        if (recentDeliveriesMax < 0 || recentBytesMax < 0 || recentFor.isNegative()) {
            errors.add("what is kept at hand must not be negative");
        }
        if (missedDeliveriesMax < 0 || missedBytesMax < 0 || missedBytesOfAllMax < 0) {
            errors.add("what a client may have missed must not be negative");
        }
        if (scansMax < 0 || scanDeliveriesMax < 0 || scanBytesMax < 0) {
            errors.add("what is read of the log must not be negative");
        }
        if (!within.isPositive()) {
            errors.add("within must be positive");
        }
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", errors));
        }
    }

    /// The same with other bounds on what is kept at hand.
    public ResumeConfig withRecent(int deliveriesMax, long bytesMax) {
        return new ResumeConfig(
                deliveriesMax,
                bytesMax,
                recentFor,
                missedDeliveriesMax,
                missedBytesMax,
                missedBytesOfAllMax,
                scansMax,
                scanDeliveriesMax,
                scanBytesMax,
                within);
    }

    /// The same with another bound on what one client may have missed.
    public ResumeConfig withMissedDeliveriesMax(int max) {
        return new ResumeConfig(
                recentDeliveriesMax,
                recentBytesMax,
                recentFor,
                max,
                missedBytesMax,
                missedBytesOfAllMax,
                scansMax,
                scanDeliveriesMax,
                scanBytesMax,
                within);
    }
}

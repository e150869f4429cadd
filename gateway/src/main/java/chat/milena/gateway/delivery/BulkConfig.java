package chat.milena.gateway.delivery;

import java.time.Duration;

/// How deliveries to many are told from those to few, and how many of them may wait. Immutable.
///
/// @param recipientsMin recipients of one delivery, thus in one shard, from which on it takes the bulk lane
/// @param sliceMin sockets that are written to in one go while little waits
/// @param slicesMax into how many slices all that waits is cut, where that makes larger ones
/// @param deliveriesMax deliveries that wait; beyond it the reader waits too
/// @param recipientsMax the same for the recipients of all of them, passed by no more than one delivery
/// @param gatheredFor how long after one write of a conversation the next one begins at the soonest; what comes of it
///     meanwhile is written together
/// @param writtenWithin how long a slice is waited for before the next one is handed over all the same
public record BulkConfig(
        int recipientsMin,
        int sliceMin,
        int slicesMax,
        int deliveriesMax,
        int recipientsMax,
        Duration gatheredFor,
        Duration writtenWithin) {

    /// About a second of deliveries to one group of a thousand on a small machine, and some 10 MB of them.
    public static final BulkConfig DEFAULT =
            new BulkConfig(32, 16, 16, 1_024, 64 * 1_024, Duration.ofMillis(40), Duration.ofSeconds(1));

    public BulkConfig {
        if (recipientsMin < 1 || sliceMin < 1 || slicesMax < 1 || deliveriesMax < 1 || recipientsMax < 1) {
            throw new IllegalArgumentException("counts must be at least 1");
        }
        if (gatheredFor.isNegative()) {
            throw new IllegalArgumentException("gatheredFor must not be negative");
        }
        if (!writtenWithin.isPositive()) {
            throw new IllegalArgumentException("writtenWithin must be positive");
        }
    }
}

package chat.milena.gateway.delivery;

import java.time.Duration;

/// When a delivery counts as large, how large ones are written, and how many of them may wait. Immutable.
///
/// @param recipientsMin recipients of one delivery, thus in one shard, from which on it takes the bulk lane
/// @param sliceMax sockets that are written to in one go
/// @param sliceEvery minimum time from the start of one slice to the next, while no other write is due
/// @param deliveriesMax waiting deliveries; beyond it the reader waits too
/// @param recipientsMax the same for the recipients of all of them; at most one delivery exceeds it
/// @param gatheredFor minimum time from one write of a conversation to the next; deliveries in between are written
/// together
/// @param spreadMax maximum sum of the pauses between the slices of one write
public record BulkConfig(
        int recipientsMin,
        int sliceMax,
        Duration sliceEvery,
        int deliveriesMax,
        int recipientsMax,
        Duration gatheredFor,
        Duration spreadMax) {

    /// About a second of deliveries to one group of a thousand on a small machine, and about 10 MB of them. A
    /// write to that group takes three quarters of the time until its next one.
    public static final BulkConfig DEFAULT = new BulkConfig(
            32, 16, Duration.ofNanos(500_000), 1_024, 64 * 1_024, Duration.ofMillis(40), Duration.ofMillis(30));

    public BulkConfig {
        if (recipientsMin < 1 || sliceMax < 1 || deliveriesMax < 1 || recipientsMax < 1) {
            throw new IllegalArgumentException("counts must be at least 1");
        }
        if (gatheredFor.isNegative() || sliceEvery.isNegative() || spreadMax.isNegative()) {
            throw new IllegalArgumentException("times must not be negative");
        }
    }
}

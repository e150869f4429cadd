package chat.milena.gateway.delivery;

import chat.milena.schemas.avro.Delivery;

/// A delivery and its position in the log: everything for one user is in one shard, in the order of its offsets.
/// Immutable; two are equal if they are the same part of the log, read at the same time.
///
/// @param timestampMillis when it was written
/// @param acceptedMillis when a gateway took its command, by the clock of that gateway; below 0 if that is not known
/// @param value the delivery in the form of the log; never modified
@SuppressWarnings("ArrayRecordComponent") // shared by design: a copy for each reader would be the cost of another fetch
public record LoggedDelivery(
        int shard, long offset, long timestampMillis, long acceptedMillis, byte[] value, Delivery delivery) {

    /// Its size in the log.
    public int bytes() {
        return value.length;
    }
}

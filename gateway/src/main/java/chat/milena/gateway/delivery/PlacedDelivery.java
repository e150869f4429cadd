package chat.milena.gateway.delivery;

import chat.milena.schemas.avro.Delivery;

/// A delivery and its place in the log: all that concerns one user stands in one shard, in the order of its offsets.
/// Immutable.
///
/// @param timestampMillis when it was written
/// @param bytes its size in the log
public record PlacedDelivery(int shard, long offset, long timestampMillis, int bytes, Delivery delivery) {}

package chat.milena.gateway.resume;

/// A place in the deliveries of one shard: everything before it has been told, nothing behind it. Immutable.
///
/// @param shards how many shards there were; with another number users live elsewhere
record ResumePosition(int shards, int shard, long offset) {}

package chat.milena.gateway.resume;

import chat.milena.schemas.key.UserKey;

/// A place in the deliveries of one shard: everything before it has been told, nothing behind it. Immutable.
///
/// @param shards how many shards there were; with another number users live elsewhere
public record ResumePosition(int shards, int shard, long offset) {

    /// Whether it is a place in the shard that this user lives in, among so many.
    boolean isOf(UserKey user, int shardCount) {
        return shards == shardCount && shard == user.shard(shardCount).shard();
    }
}

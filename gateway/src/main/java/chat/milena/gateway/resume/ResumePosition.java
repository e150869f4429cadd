package chat.milena.gateway.resume;

import chat.milena.schemas.key.UserKey;

/// A position in the deliveries of one shard: everything before it has been sent, nothing after it. Immutable.
///
/// @param shards the number of shards; with another number users are in other shards
public record ResumePosition(int shards, int shard, long offset) {

    /// Whether it is a position in the shard of this user, with this number of shards.
    boolean isOf(UserKey user, int shardCount) {
        return shards == shardCount && shard == user.shard(shardCount).shard();
    }
}

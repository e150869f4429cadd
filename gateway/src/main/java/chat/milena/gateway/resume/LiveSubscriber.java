package chat.milena.gateway.resume;

import chat.milena.schemas.key.UserKey;

/// A client that gets the deliveries of its user as they come.
public interface LiveSubscriber {
    UserKey user();

    /// The client has everything before this offset of its user's shard, and gets everything from it on. Never blocks:
    /// [RecentDeliveries] holds its lock meanwhile.
    void attached(long offset);
}

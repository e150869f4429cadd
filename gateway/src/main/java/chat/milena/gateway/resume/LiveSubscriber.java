package chat.milena.gateway.resume;

import chat.milena.schemas.key.UserKey;

/// A client that gets the deliveries of its user live.
public interface LiveSubscriber {
    UserKey user();

    /// The client has everything before this offset of its user's shard, and gets everything from it on. Never
    /// blocks: [RecentDeliveries] holds its lock during the call.
    void attached(long offset);
}

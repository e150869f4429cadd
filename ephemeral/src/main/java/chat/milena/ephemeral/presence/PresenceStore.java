package chat.milena.ephemeral.presence;

import chat.milena.ephemeral.redis.SharedStore;
import chat.milena.ephemeral.redis.StoreAwayException;
import chat.milena.protocol.frame.PresenceStatus;
import chat.milena.schemas.avro.User;
import chat.milena.schemas.key.UserKey;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The presence that all gateways share: Redis, once connected. For one thread, except for its listener.
public interface PresenceStore extends SharedStore {

    /// One connection of a device.
    ///
    /// @param status online or away
    /// @param deviceId null for a connection without one
    record Device(
            PresenceStatus status,
            @Nullable String deviceType,
            @Nullable String deviceId) {}

    /// A device that was connected within the memory of the store.
    ///
    /// @param deviceId `~` and the connection for one without
    /// @param status the best of its connections; offline without any
    record SeenDevice(String deviceId, PresenceStatus status, long firstSeenMillis, long lastSeenMillis) {}

    /// All connections of a user to one gateway; none if the user has left.
    ///
    /// @param devices by connection
    record Placement(UserKey user, Map<String, Device> devices) {}

    /// The presence of a user.
    ///
    /// @param seenMillis when the user was last connected; 0 if unknown
    /// @param at the time of this state, as a number that grows as long as the store is the same
    record Known(
            UserKey user,
            PresenceStatus status,
            long seenMillis,
            @Nullable String deviceType,
            long at) {}

    /// A user types in a conversation, or stops typing.
    record Typing(UserKey user, String conversationId, boolean starts, Set<String> recipients) {}

    /// Notified of the news from all gateways, including this one. On a thread of the store; never blocks.
    interface Listener {
        void changed(Known known);

        void typed(Typing typing);

        /// A user has a new profile.
        void profiled(User user);
    }

    /// Opens connections to a store.
    @FunctionalInterface
    interface Opener {
        /// A store that answers.
        ///
        /// @throws StoreAwayException if it does not
        PresenceStore open(Listener listener);
    }

    /// Registers a gateway.
    void join(String gatewayId);

    /// Renews the registration of a gateway.
    ///
    /// @return false if the gateway was silent for too long: others may have taken its users, and it must join
    /// again
    boolean beat(String gatewayId);

    /// Sets the connections of users to a gateway. Idempotent.
    ///
    /// @return false if the gateway was silent for too long and others have its users: nothing was changed, it
    /// must join again
    boolean place(String gatewayId, List<Placement> placements);

    /// Handles what is due: users of dead gateways, expired grace periods, delayed updates.
    ///
    /// @param most maximum of each
    /// @return how many were handled
    int settle(int most);

    /// The presence of these users, in order.
    List<Known> read(List<UserKey> users);

    /// The devices of a user.
    List<SeenDevice> devices(UserKey user);

    /// Publishes typing to the gateways of its recipients.
    void publish(Typing typing);

    /// Publishes a profile to the gateways of the user's watchers.
    void publish(User user);

    /// Replaces the shards that are listened to.
    void listenTo(Collection<PresenceShard> presence, Collection<PresenceShard> typing);

    /// Whether all requested shards are listened to.
    ///
    /// @throws StoreAwayException if nothing is received any longer
    boolean isListening();
}

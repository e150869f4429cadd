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

/// What gateways know in common of who is where: Redis, once connected. For one thread, but for what it hears.
public interface PresenceStore extends SharedStore {

    /// One device, connected.
    ///
    /// @param status online or away
    record Device(PresenceStatus status, @Nullable String deviceType) {}

    /// A user's connections to one gateway, all of them; none if they have left.
    ///
    /// @param devices by connection
    record Placement(UserKey user, Map<String, Device> devices) {}

    /// How a user is.
    ///
    /// @param seenMillis when they were last connected; 0 if that is not known
    /// @param at when it was so, as a number that grows as long as the store is not another one
    record Known(
            UserKey user,
            PresenceStatus status,
            long seenMillis,
            @Nullable String deviceType,
            long at) {}

    /// That somebody types in a conversation, or no longer does.
    record Typing(UserKey user, String conversationId, boolean starts, Set<String> recipients) {}

    /// Told what other gateways, and this one, have said. On a thread of the store; never blocks.
    interface Listener {
        void changed(Known known);

        void typed(Typing typing);

        /// Somebody shows something else of themselves.
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

    /// A gateway lives from here on.
    void join(String gatewayId);

    /// It still lives.
    ///
    /// @return false if it was silent for too long: others may have its users, and it must join anew
    boolean beat(String gatewayId);

    /// Says who is connected to a gateway. Idempotent.
    ///
    /// @return false if it was silent for too long and others have its users: nothing was noted, it must join anew
    boolean place(String gatewayId, List<Placement> placements);

    /// Does what the time asks for: users of dead gateways, ends of grace, words that had to wait.
    ///
    /// @param most at most so many of each
    /// @return how much was done
    int settle(int most);

    /// How these users are, in their order.
    List<Known> read(List<UserKey> users);

    /// Tells of typing wherever its recipients may be.
    void tell(Typing typing);

    /// Notifies the gateways of those who watch somebody of their profile.
    void tell(User user);

    /// Which shards are listened to from now on.
    void listenTo(Collection<PresenceShard> presence, Collection<PresenceShard> typing);

    /// Whether all that was asked for is listened to.
    ///
    /// @throws StoreAwayException if nothing is heard any longer
    boolean isListening();
}

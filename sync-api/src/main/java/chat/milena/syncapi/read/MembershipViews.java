package chat.milena.syncapi.read;

import chat.milena.schemas.avro.Ban;
import chat.milena.schemas.avro.Block;
import chat.milena.schemas.avro.Device;
import chat.milena.schemas.avro.FollowedThread;
import chat.milena.schemas.avro.Member;
import chat.milena.schemas.avro.Personal;
import chat.milena.schemas.avro.ReportedMessage;
import chat.milena.schemas.avro.User;
import chat.milena.schemas.avro.Warnings;
import chat.milena.schemas.key.BanKey;
import chat.milena.schemas.key.BlockKey;
import chat.milena.schemas.key.DeviceKey;
import chat.milena.schemas.key.FollowKey;
import chat.milena.schemas.key.MembershipKey;
import chat.milena.schemas.key.ReportKey;
import chat.milena.schemas.key.UserKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The views of users, their memberships and their profiles, by user; for one thread at a time, values at the time
/// of the call.
public interface MembershipViews {
    /// Memberships in the order of conversation ids.
    ///
    /// @param afterConversationId those after this one; empty for all
    /// @param limit maximum number
    List<Member> memberships(UserKey user, String afterConversationId, int limit);

    /// Whether the user has own state of conversations after this one.
    boolean keepsAny(UserKey user, String afterConversationId);

    /// Whom the user has blocked, in the order of user ids.
    ///
    /// @param afterUserId those behind this one; empty for all
    /// @param limit maximum number
    List<Block> blocks(UserKey user, String afterUserId, int limit);

    /// Whether a user has blocked another one.
    boolean hasBlocked(BlockKey key);

    /// The user's own state of a conversation; null without one.
    @Nullable
    Personal personal(MembershipKey key);

    /// The threads that the user follows, in the order of their conversations.
    ///
    /// @param limit the greatest number of them
    List<FollowedThread> threads(UserKey user, int limit);

    /// Whether a user follows a thread.
    boolean follows(FollowKey key);

    /// A ban of the tenant; null without one.
    @Nullable
    Ban ban(BanKey key);

    /// The bans of a tenant, in the order of user ids and conversations.
    ///
    /// @param after those behind this one
    /// @param limit maximum number
    List<Ban> bans(BanKey after, int limit);

    /// The bans of a user from single conversations, in their order.
    ///
    /// @param ofTenant the key of the ban from all conversations, which is left out
    /// @param limit maximum number
    List<Ban> bansOf(BanKey ofTenant, int limit);

    /// The messages of the queue of moderators in one state, oldest first.
    ///
    /// @param after those behind this one
    /// @param limit maximum number
    List<ReportedMessage> reports(ReportKey after, int limit);

    /// The warnings that the user is still to be shown; null without any.
    @Nullable
    Warnings warnings(UserKey user);

    /// The devices of the user that are registered or were signed out, in the order of their ids.
    ///
    /// @param limit maximum number
    List<Device> devices(UserKey user, int limit);

    /// A device of a user; null if it is neither registered nor signed out.
    @Nullable
    Device device(DeviceKey key);

    /// A membership; null without one.
    @Nullable
    Member membership(MembershipKey key);

    /// The user's profile, or settings of notifications; null without any.
    @Nullable
    User user(UserKey user);
}

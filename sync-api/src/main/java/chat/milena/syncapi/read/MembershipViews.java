package chat.milena.syncapi.read;

import chat.milena.schemas.avro.Block;
import chat.milena.schemas.avro.Member;
import chat.milena.schemas.avro.Personal;
import chat.milena.schemas.avro.User;
import chat.milena.schemas.key.BlockKey;
import chat.milena.schemas.key.MembershipKey;
import chat.milena.schemas.key.UserKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the views hold of users, their memberships and their profiles, found by user; for one thread at a time, values
/// as of the call.
public interface MembershipViews {
    /// Memberships in the order of conversation ids.
    ///
    /// @param afterConversationId those behind this one; empty for all
    /// @param limit at most so many
    List<Member> memberships(UserKey user, String afterConversationId, int limit);

    /// Whether the user keeps something of conversations behind this one.
    boolean keepsAny(UserKey user, String afterConversationId);

    /// Whom the user has blocked, in the order of user ids.
    ///
    /// @param afterUserId those behind this one; empty for all
    /// @param limit at most so many
    List<Block> blocks(UserKey user, String afterUserId, int limit);

    /// Whether a user has blocked another one.
    boolean hasBlocked(BlockKey key);

    /// What the user keeps of a conversation; null if nothing.
    @Nullable
    Personal personal(MembershipKey key);

    /// The user's profile; null if they never set one.
    @Nullable
    User user(UserKey user);
}

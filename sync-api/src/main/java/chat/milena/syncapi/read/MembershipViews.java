package chat.milena.syncapi.read;

import chat.milena.schemas.avro.Member;
import chat.milena.schemas.avro.User;
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

    /// The user's profile; null if they never set one.
    @Nullable
    User user(UserKey user);
}

package chat.milena.syncapi.read;

import chat.milena.schemas.avro.Member;
import chat.milena.schemas.key.UserKey;
import java.util.List;

/// What the views hold of memberships, found by user; for one thread at a time, values as of the call.
public interface MembershipViews {
    /// Memberships in the order of conversation ids.
    ///
    /// @param afterConversationId those behind this one; empty for all
    /// @param limit at most so many
    List<Member> memberships(UserKey user, String afterConversationId, int limit);
}

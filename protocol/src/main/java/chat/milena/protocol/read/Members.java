package chat.milena.protocol.read;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A page of a conversation's members, in the order of user ids.
///
/// @param nextCursor start of the next page; left out on the last page
public record Members(List<MemberLine> members, @Nullable String nextCursor) {

    /// One member.
    ///
    /// @param role `admin` or `member`
    /// @param joinedAt milliseconds since 1970
    /// @param name of the profile
    /// @param avatarUrl of the profile
    public record MemberLine(
            String userId,
            String role,
            long joinedAt,
            @Nullable String name,
            @Nullable String avatarUrl) {

        /// The same with the profile of the member.
        public MemberLine named(@Nullable String newName, @Nullable String newAvatarUrl) {
            return new MemberLine(userId, role, joinedAt, newName, newAvatarUrl);
        }
    }
}

package chat.milena.protocol.conversation;

import chat.milena.protocol.json.JsonText;
import chat.milena.schemas.avro.User;
import org.jspecify.annotations.Nullable;

/// The profile of a user. A user who never set one has only a `userId`.
///
/// @param avatarUrl an absolute `http` or `https` URL
/// @param custom any JSON object
/// @param updatedAt when it last changed, in milliseconds since 1970
public record UserView(
        String userId,
        @Nullable String name,
        @Nullable String avatarUrl,
        @Nullable JsonText custom,
        @Nullable Long updatedAt) {

    /// A stored profile.
    public static UserView of(User user) {
        return new UserView(
                user.getUserId(),
                user.getName(),
                user.getAvatarUrl(),
                JsonText.ofObject(user.getCustom()),
                user.getUpdatedAt().toEpochMilli());
    }

    /// A user without a profile.
    public static UserView unknown(String userId) {
        return new UserView(userId, null, null, null, null);
    }
}

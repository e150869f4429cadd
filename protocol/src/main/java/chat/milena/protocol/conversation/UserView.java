package chat.milena.protocol.conversation;

import chat.milena.protocol.json.JsonText;
import chat.milena.schemas.avro.User;
import org.jspecify.annotations.Nullable;

/// What a person shows of themselves; who never set a profile is shown by `userId` alone.
///
/// @param avatarUrl an absolute `http` or `https` URL
/// @param custom any JSON object of the person's own
/// @param updatedAt when it last changed; milliseconds since 1970
public record UserView(
        String userId,
        @Nullable String name,
        @Nullable String avatarUrl,
        @Nullable JsonText custom,
        @Nullable Long updatedAt) {

    /// A profile as it was set.
    public static UserView of(User user) {
        return new UserView(
                user.getUserId(),
                user.getName(),
                user.getAvatarUrl(),
                JsonText.ofObject(user.getCustom()),
                user.getUpdatedAt().toEpochMilli());
    }

    /// Somebody without a profile.
    public static UserView unknown(String userId) {
        return new UserView(userId, null, null, null, null);
    }
}

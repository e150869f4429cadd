package chat.milena.protocol.call;

import chat.milena.protocol.json.JsonText;
import org.jspecify.annotations.Nullable;

/// The user whose token asks.
///
/// @param name of the profile; where no profile was ever set, that of the token
/// @param avatarUrl an absolute `http` or `https` URL
/// @param custom any JSON object of the user's own
/// @param updatedAt when the profile last changed, in milliseconds since 1970; left out where there is none
/// @param mayStart with whom the user may start conversations: `anyone`, `contacts` or `host`
public record Me(
        String userId,
        String tenant,
        @Nullable String name,
        @Nullable String avatarUrl,
        @Nullable JsonText custom,
        @Nullable Long updatedAt,
        String mayStart) {}

package chat.milena.protocol.call;

import chat.milena.protocol.json.JsonText;
import org.jspecify.annotations.Nullable;

/// The user of the token.
///
/// @param role `moderator` if the token says so; left out for other users
/// @param name the name of the profile; if no profile was ever set, that of the token
/// @param avatarUrl an absolute `http` or `https` URL
/// @param custom any JSON object
/// @param updatedAt when the profile last changed, in milliseconds since 1970; left out without a profile
/// @param mayStart whom the user may start conversations with: `anyone`, `contacts` or `host`
public record Me(
        String userId,
        String tenant,
        @Nullable String role,
        @Nullable String name,
        @Nullable String avatarUrl,
        @Nullable JsonText custom,
        @Nullable Long updatedAt,
        String mayStart) {}

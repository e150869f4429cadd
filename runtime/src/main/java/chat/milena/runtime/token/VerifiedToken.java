package chat.milena.runtime.token;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a checked token says about its bearer.
///
/// @param tenant the website or application that the user belongs to
/// @param userId the user, unique within the tenant
/// @param name a name to show, if the token has one
/// @param expiresAt from when on the token proves nothing
public record VerifiedToken(
        String tenant, String userId, @Nullable String name, Instant expiresAt) {}

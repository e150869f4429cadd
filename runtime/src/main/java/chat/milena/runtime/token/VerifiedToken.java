package chat.milena.runtime.token;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a checked token says about its bearer.
///
/// @param tenant the website or application that the user belongs to
/// @param userId the user, unique within the tenant
/// @param name a name to show, if the token has one
/// @param expiresAt the moment from which the token is invalid
/// @param unlimitedRate whether the operator exempts the bearer from the rates of users, as for an import
/// @param moderator whether the bearer moderates all conversations of the tenant
public record VerifiedToken(
        String tenant,
        String userId,
        @Nullable String name,
        Instant expiresAt,
        boolean unlimitedRate,
        boolean moderator) {

    /// A bearer without a role.
    public VerifiedToken(
            String tenant, String userId, @Nullable String name, Instant expiresAt, boolean unlimitedRate) {
        this(tenant, userId, name, expiresAt, unlimitedRate, false);
    }

    /// A bearer without a role, subject to rates, as most are.
    public VerifiedToken(String tenant, String userId, @Nullable String name, Instant expiresAt) {
        this(tenant, userId, name, expiresAt, false, false);
    }

    /// The same, subject to rates.
    VerifiedToken limited() {
        return unlimitedRate ? new VerifiedToken(tenant, userId, name, expiresAt, false, moderator) : this;
    }
}

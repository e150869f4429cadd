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
/// @param issuedAt when it was issued; null if it does not say so
/// @param deviceId the one device that it is good for; null for any
public record VerifiedToken(
        String tenant,
        String userId,
        @Nullable String name,
        Instant expiresAt,
        boolean unlimitedRate,
        boolean moderator,
        @Nullable Instant issuedAt,
        @Nullable String deviceId) {

    /// A bearer without a role.
    public VerifiedToken(
            String tenant, String userId, @Nullable String name, Instant expiresAt, boolean unlimitedRate) {
        this(tenant, userId, name, expiresAt, unlimitedRate, false, null, null);
    }

    /// A bearer without a role, subject to rates, as most are.
    public VerifiedToken(String tenant, String userId, @Nullable String name, Instant expiresAt) {
        this(tenant, userId, name, expiresAt, false, false, null, null);
    }

    /// The device of a call or a connection with this token.
    ///
    /// @param named the device that the client names; null for none
    /// @throws InvalidTokenException if the token is good for another one alone
    public @Nullable String device(@Nullable String named) throws InvalidTokenException {
        if (deviceId != null && named != null && !deviceId.equals(named)) {
            throw new InvalidTokenException("token is good for another device");
        }
        return deviceId == null ? named : deviceId;
    }

    /// Checks it for a device that was signed out.
    ///
    /// @param signedOutAt when; null if it was not
    /// @throws InvalidTokenException.SignedOutException if the token is not younger
    public void checkSignOut(@Nullable Instant signedOutAt) throws InvalidTokenException.SignedOutException {
        if (signedOutAt != null && (issuedAt == null || !issuedAt.isAfter(signedOutAt))) {
            throw new InvalidTokenException.SignedOutException();
        }
    }

    /// The same, subject to rates.
    VerifiedToken limited() {
        return unlimitedRate
                ? new VerifiedToken(tenant, userId, name, expiresAt, false, moderator, issuedAt, deviceId)
                : this;
    }
}

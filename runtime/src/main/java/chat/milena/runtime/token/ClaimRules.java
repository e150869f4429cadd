package chat.milena.runtime.token;

import chat.milena.protocol.conversation.NameRules;
import chat.milena.runtime.config.Settings;
import chat.milena.schemas.id.Ids;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Rules for the claims of a token, whatever key signed it. Pure.
///
/// @param issuer the required `iss`; null for any
/// @param audience what `aud` must contain; null for any
public record ClaimRules(@Nullable String issuer, @Nullable String audience) {
    /// Any issuer and any audience.
    public static final ClaimRules DEFAULT = new ClaimRules(null, null);

    /// How far a host application's clock may be off.
    static final Duration LEEWAY = Duration.ofSeconds(10);

    /// The one role that counts: host applications have other roles in their tokens, which mean nothing here.
    static final String MODERATOR = "moderator";

    /// The one value of the claim `rate`.
    static final String UNLIMITED = "unlimited";

    /// Reads the settings, and notes errors there.
    public static ClaimRules of(Settings settings) {
        return new ClaimRules(
                settings.optionalText("MILENA_TOKEN_ISSUER"), settings.optionalText("MILENA_TOKEN_AUDIENCE"));
    }

    VerifiedToken check(Claims claims, Instant now) throws InvalidTokenException {
        Instant expiresAt = checkTimes(claims, now);
        checkParties(claims);
        return read(claims, expiresAt);
    }

    private static Instant checkTimes(Claims claims, Instant now) throws InvalidTokenException {
        Instant expiresAt = claims.time("exp");
        if (expiresAt == null) {
            throw new InvalidTokenException("token has no exp");
        }
        if (!now.isBefore(expiresAt.plus(LEEWAY))) {
            throw new InvalidTokenException.ExpiredException();
        }
        Instant notBefore = claims.time("nbf");
        if (notBefore != null && now.plus(LEEWAY).isBefore(notBefore)) {
            throw new InvalidTokenException("token is not valid yet");
        }
        return expiresAt;
    }

    private void checkParties(Claims claims) throws InvalidTokenException {
        if (issuer != null && !issuer.equals(claims.text("iss"))) {
            throw new InvalidTokenException("token's iss is not the accepted issuer");
        }
        if (audience != null && !claims.texts("aud").contains(audience)) {
            throw new InvalidTokenException("token's aud does not name this service");
        }
    }

    private static @Nullable String device(Claims claims) throws InvalidTokenException {
        String device = claims.text("device");
        if (device != null && !Ids.isValid(device)) {
            throw new InvalidTokenException("token's device must be 1 to 64 of A-Z a-z 0-9 _ . -");
        }
        return device;
    }

    private static VerifiedToken read(Claims claims, Instant expiresAt) throws InvalidTokenException {
        String userId = claims.text("sub");
        if (userId == null || !Ids.isValid(userId)) {
            throw new InvalidTokenException("token's sub must be 1 to 64 of A-Z a-z 0-9 _ . -");
        }
        if (!Ids.isValidUser(userId)) {
            throw new InvalidTokenException("token's sub is a reserved id");
        }
        String tenant = claims.text("tenant");
        if (tenant != null && !Ids.isValid(tenant)) {
            throw new InvalidTokenException("token's tenant must be 1 to 64 of A-Z a-z 0-9 _ . -");
        }
        String name = claims.text("name");
        // Host applications often send an empty name for a user without one.
        String fault = name == null || name.isEmpty() ? null : NameRules.fault(name);
        if (fault != null) {
            throw new InvalidTokenException("token's name " + fault);
        }
        String rate = claims.text("rate");
        if (rate != null && !rate.equals(UNLIMITED)) {
            throw new InvalidTokenException("token's rate can only be \"" + UNLIMITED + '"');
        }
        return new VerifiedToken(
                tenant == null ? Ids.DEFAULT_TENANT : tenant,
                userId,
                name,
                expiresAt,
                rate != null,
                claims.is("role", MODERATOR),
                claims.exactTime("iat"),
                device(claims));
    }
}

package chat.milena.runtime.token;

import chat.milena.schemas.id.Ids;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Checks tokens that were signed with HS256 and one of several secrets, so that secrets can be changed without a
/// break. Safe for all threads; works without I/O.
///
/// No other algorithm is accepted, whatever the token's head says: not `none`, and not a public-key algorithm, where
/// a public key could be taken for a secret.
public final class Hs256TokenVerifier implements TokenVerifier {
    /// How far a host application's clock may be off.
    static final Duration LEEWAY = Duration.ofSeconds(10);

    /// The one value of the claim `rate`.
    static final String UNLIMITED = "unlimited";

    private static final int TOKEN_CHARS_MAX = 8 * 1024;
    private static final int NAME_CODE_POINTS_MAX = 200;

    private final List<MACVerifier> verifiers;
    private final Clock clock;

    /// @param secrets those that are accepted, at least one
    public Hs256TokenVerifier(List<TokenSecret> secrets, Clock clock) {
        if (secrets.isEmpty()) {
            throw new IllegalArgumentException("at least one secret is needed");
        }
        this.verifiers = secrets.stream().map(Hs256TokenVerifier::verifier).toList();
        this.clock = clock;
    }

    @Override
    public VerifiedToken verify(String jwt) throws InvalidTokenException {
        if (jwt.length() > TOKEN_CHARS_MAX) {
            throw new InvalidTokenException("token is longer than " + TOKEN_CHARS_MAX + " characters");
        }
        SignedJWT signed = parse(jwt);
        if (!JWSAlgorithm.HS256.equals(signed.getHeader().getAlgorithm())) {
            throw new InvalidTokenException("token is not signed with HS256");
        }
        if (verifiers.stream().noneMatch(verifier -> isSignedWith(verifier, signed))) {
            throw new InvalidTokenException("token has a wrong signature");
        }
        try {
            return check(signed.getJWTClaimsSet());
        } catch (ParseException e) {
            throw new InvalidTokenException("token has a claim of the wrong kind");
        }
    }

    private static MACVerifier verifier(TokenSecret secret) {
        try {
            return new MACVerifier(secret.key());
        } catch (JOSEException e) {
            throw new IllegalArgumentException("the secret cannot be used for HS256", e);
        }
    }

    private static SignedJWT parse(String jwt) throws InvalidTokenException {
        try {
            return SignedJWT.parse(jwt);
        } catch (ParseException | IllegalArgumentException e) {
            throw new InvalidTokenException("not a signed token");
        }
    }

    private static boolean isSignedWith(MACVerifier verifier, SignedJWT signed) {
        try {
            return verifier.verify(signed.getHeader(), signed.getSigningInput(), signed.getSignature());
        } catch (JOSEException e) {
            return false;
        }
    }

    private VerifiedToken check(JWTClaimsSet claims) throws InvalidTokenException, ParseException {
        Instant now = clock.instant();
        Instant expiresAt = instant(claims.getExpirationTime());
        if (expiresAt == null) {
            throw new InvalidTokenException("token has no exp");
        }
        if (!now.isBefore(expiresAt.plus(LEEWAY))) {
            throw new InvalidTokenException("token has expired");
        }
        Instant notBefore = instant(claims.getNotBeforeTime());
        if (notBefore != null && now.plus(LEEWAY).isBefore(notBefore)) {
            throw new InvalidTokenException("token is not valid yet");
        }
        String userId = claims.getSubject();
        if (userId == null || !Ids.isValid(userId)) {
            throw new InvalidTokenException("token's sub must be 1 to 64 of A-Z a-z 0-9 _ . -");
        }
        String tenant = claims.getStringClaim("tenant");
        if (tenant != null && !Ids.isValid(tenant)) {
            throw new InvalidTokenException("token's tenant must be 1 to 64 of A-Z a-z 0-9 _ . -");
        }
        String name = claims.getStringClaim("name");
        if (name != null && name.codePointCount(0, name.length()) > NAME_CODE_POINTS_MAX) {
            throw new InvalidTokenException("token's name is longer than " + NAME_CODE_POINTS_MAX + " characters");
        }
        String rate = claims.getStringClaim("rate");
        if (rate != null && !rate.equals(UNLIMITED)) {
            throw new InvalidTokenException("token's rate can only be \"" + UNLIMITED + '"');
        }
        return new VerifiedToken(tenant == null ? Ids.DEFAULT_TENANT : tenant, userId, name, expiresAt, rate != null);
    }

    private static @Nullable Instant instant(@Nullable Date date) {
        return date == null ? null : date.toInstant();
    }
}

package chat.milena.runtime.token;

import chat.milena.schemas.id.Ids;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.math.BigDecimal;
import java.util.Date;

/// Makes tokens that [SignedTokenVerifier] accepts, as a host application would. Immutable, safe for all threads.
public final class TokenSigner {
    private final TokenSecret secret;
    private final ClaimRules rules;

    public TokenSigner(TokenSecret secret) {
        this(secret, ClaimRules.DEFAULT);
    }

    /// @param rules the issuer and audience of its tokens
    public TokenSigner(TokenSecret secret, ClaimRules rules) {
        this.secret = secret;
        this.rules = rules;
    }

    /// A signed token with exactly these claims.
    ///
    /// @throws IllegalArgumentException if the user or the tenant is not 1–64 of `[A-Za-z0-9_.-]`
    public String sign(VerifiedToken token) {
        requireId("user", token.userId());
        requireId("tenant", token.tenant());
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .subject(token.userId())
                .claim("tenant", token.tenant())
                .expirationTime(Date.from(token.expiresAt()));
        if (token.name() != null) {
            claims.claim("name", token.name());
        }
        if (rules.issuer() != null) {
            claims.issuer(rules.issuer());
        }
        if (rules.audience() != null) {
            claims.audience(rules.audience());
        }
        if (token.issuedAt() != null) {
            // With its fraction, so that a token is later than a sign-out in the same second.
            claims.claim("iat", BigDecimal.valueOf(token.issuedAt().toEpochMilli(), 3));
        }
        if (token.deviceId() != null) {
            claims.claim("device", token.deviceId());
        }
        if (token.unlimitedRate()) {
            claims.claim("rate", ClaimRules.UNLIMITED);
        }
        if (token.moderator()) {
            claims.claim("role", ClaimRules.MODERATOR);
        }
        SignedJWT signed = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims.build());
        try {
            signed.sign(new MACSigner(secret.key()));
        } catch (JOSEException e) {
            throw new IllegalStateException("HS256 is not available", e);
        }
        return signed.serialize();
    }

    private static void requireId(String what, String id) {
        if (!Ids.isValid(id)) {
            throw new IllegalArgumentException(what + " must be 1 to 64 of A-Z a-z 0-9 _ . -");
        }
    }
}

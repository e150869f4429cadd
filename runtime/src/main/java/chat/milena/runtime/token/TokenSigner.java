package chat.milena.runtime.token;

import chat.milena.schemas.id.Ids;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.util.Date;

/// Makes tokens that [Hs256TokenVerifier] accepts, as a host application would. Immutable, safe for all threads.
public final class TokenSigner {
    private final TokenSecret secret;

    public TokenSigner(TokenSecret secret) {
        this.secret = secret;
    }

    /// A signed token that says just this.
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
        if (token.unlimitedRate()) {
            claims.claim("rate", Hs256TokenVerifier.UNLIMITED);
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

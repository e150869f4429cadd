package chat.milena.bench.call;

import chat.milena.bench.client.TokenSource;
import chat.milena.bench.client.UsageFailure;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;

/// Signs HS256 tokens with a secret of the server. Thread-safe.
///
/// Tokens signed with the operator's secret exempt their users from the rates of users, since loads measure the
/// server's own limits. Tokens of an [#ordinary()] minter, or of a secret that hosts share, do not.
public final class TokenMinter {
    private static final String DEFAULT_TENANT = "default";
    private static final int SECRET_BYTES_MIN = 32;

    private final JWSSigner signer;
    private final Clock clock;
    private final boolean unlimited;

    public TokenMinter(byte[] secret, Clock clock) {
        this(signer(secret), clock, true);
    }

    private TokenMinter(JWSSigner signer, Clock clock, boolean unlimited) {
        this.signer = signer;
        this.clock = clock;
        this.unlimited = unlimited;
    }

    private static JWSSigner signer(byte[] secret) {
        try {
            return new MACSigner(secret);
        } catch (JOSEException e) {
            throw new UsageFailure("a secret has at least " + SECRET_BYTES_MIN + " bytes");
        }
    }

    /// A minter with the same secret, for users whom the server's rates apply to.
    public TokenMinter ordinary() {
        return new TokenMinter(signer, clock, false);
    }

    /// Reads a secret file: one line, base64url without padding.
    public static TokenMinter fromFile(Path secretFile, Clock clock) {
        if (!Files.isRegularFile(secretFile)) {
            throw new UsageFailure("no secret at " + secretFile
                    + ": run `./milena up` first, or name its folder with --data or the file with --secret-file");
        }
        try {
            String line =
                    Files.readString(secretFile, StandardCharsets.US_ASCII).strip();
            return new TokenMinter(Base64.getUrlDecoder().decode(line), clock);
        } catch (IOException | IllegalArgumentException e) {
            throw new UsageFailure("cannot read a secret from " + secretFile + ": it must be one line of base64url");
        }
    }

    public String mint(String userId, String tenant, Duration lifetime) {
        return mint(userId, tenant, lifetime, false);
    }

    private String mint(String userId, String tenant, Duration lifetime, boolean moderates) {
        Instant now = clock.instant();
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .subject(userId)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(lifetime)));
        if (unlimited) {
            claims.claim("rate", "unlimited");
        }
        if (moderates) {
            claims.claim("role", "moderator");
        }
        if (!tenant.equals(DEFAULT_TENANT)) {
            claims.claim("tenant", tenant);
        }
        SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims.build());
        try {
            token.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException("HS256 with a checked key cannot fail to sign", e);
        }
        return token.serialize();
    }

    /// Tokens of one tenant, each with the given lifetime.
    public TokenSource forTenant(String tenant, Duration lifetime) {
        return userId -> mint(userId, tenant, lifetime);
    }

    /// The same of moderators.
    public TokenSource forModerators(String tenant, Duration lifetime) {
        return userId -> mint(userId, tenant, lifetime, true);
    }
}

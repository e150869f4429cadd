package chat.milena.runtime.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Clock;
import java.util.List;

/// Checks tokens that were signed with HS256 and one of several secrets, or with RS256, ES256 or EdDSA and one of
/// the published keys. Safe for all threads.
///
/// The algorithm selects the keys: a secret checks only HS256, and a public key only the algorithm of its own
/// type, so that neither can pass for the other. The hints in a token's head about where its key is (`jku`, `x5u`,
/// `jwk`, `x5c`) are not read; a head with `crit` is rejected. A secret is valid for every tenant; a published key
/// for the tenants of its URL. The claim `rate` counts only in tokens of the operator's keys ([Exemptions]), and
/// is ignored in others.
///
/// Claims are checked first and the signature last, so that an expired token never causes a fetch. HS256 is
/// checked without I/O; an unknown key may make the caller wait (see [PublicKeys]).
public final class SignedTokenVerifier implements TokenVerifier {
    private static final int TOKEN_CHARS_MAX = 8 * 1024;

    private final List<MACVerifier> secrets;
    private final List<MACVerifier> operatorSecrets;
    private final Exemptions exemptions;
    private final PublicKeys keys;
    private final ClaimRules rules;
    private final Clock clock;

    /// @param secrets the accepted secrets of hosts; several, so that they can be changed without an interruption
    public SignedTokenVerifier(
            List<TokenSecret> secrets, PublicKeys keys, Exemptions exemptions, ClaimRules rules, Clock clock) {
        this.secrets = secrets.stream().map(SignedTokenVerifier::verifier).toList();
        this.operatorSecrets =
                exemptions.secrets().stream().map(SignedTokenVerifier::verifier).toList();
        this.keys = keys;
        this.exemptions = exemptions;
        this.rules = rules;
        this.clock = clock;
    }

    /// A verifier whose tokens exempt nobody.
    SignedTokenVerifier(List<TokenSecret> secrets, PublicKeys keys, ClaimRules rules, Clock clock) {
        this(secrets, keys, Exemptions.NONE, rules, clock);
    }

    /// A verifier for HS256 only.
    public static SignedTokenVerifier ofSecrets(List<TokenSecret> secrets, Clock clock) {
        return new SignedTokenVerifier(secrets, PublicKeys.NONE, ClaimRules.DEFAULT, clock);
    }

    @Override
    public VerifiedToken verify(String jwt) throws InvalidTokenException {
        if (jwt.length() > TOKEN_CHARS_MAX) {
            throw new InvalidTokenException("token is longer than " + TOKEN_CHARS_MAX + " characters");
        }
        SignedJWT signed = parse(jwt);
        if (signed.getHeader().getCriticalParams() != null) {
            throw new InvalidTokenException("token's head has crit, which is not supported");
        }
        JWSAlgorithm algorithm = signed.getHeader().getAlgorithm();
        boolean bySecret = JWSAlgorithm.HS256.equals(algorithm);
        if (!bySecret && !keys.supports(algorithm)) {
            throw new InvalidTokenException("token is not signed with " + keys.algorithmsShown());
        }
        VerifiedToken token = rules.check(Claims.parse(signed.getPayload().toBytes()), clock.instant());
        boolean mayExempt = bySecret ? checkSecret(signed) : checkPublished(signed, token.tenant());
        return mayExempt ? token : token.limited();
    }

    /// @return whether the secret that signed it is the operator's
    private boolean checkSecret(SignedJWT signed) throws InvalidTokenException {
        if (secrets.stream().anyMatch(secret -> isSignedWith(secret, signed))) {
            return false;
        }
        if (operatorSecrets.stream().anyMatch(secret -> isSignedWith(secret, signed))) {
            return true;
        }
        throw wrongSignature();
    }

    /// @return whether the operator names the key that signed it
    private boolean checkPublished(SignedJWT signed, String tenant) throws InvalidTokenException {
        PublicKeys.Found key = keys.signer(signed, tenant).orElseThrow(SignedTokenVerifier::wrongSignature);
        return exemptions.includes(key.jwk().getKeyID(), key.source(), tenant);
    }

    private static InvalidTokenException wrongSignature() {
        return new InvalidTokenException("token has a wrong signature");
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

    private static boolean isSignedWith(MACVerifier secret, SignedJWT signed) {
        try {
            return secret.verify(signed.getHeader(), signed.getSigningInput(), signed.getSignature());
        } catch (JOSEException e) {
            return false;
        }
    }
}

package chat.milena.runtime.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.SignedJWT;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The published keys that tokens may be signed with. Safe for all threads.
///
/// A token whose key is known is checked without I/O, even while the URLs do not answer. A token with an unknown
/// key makes its caller wait for one more fetch, so that a new key works from its first token on. There is at most
/// one such fetch in [JwksConfig#refetchEvery] for each URL, and a bounded number of callers wait for fetches at
/// the same time; the others are answered without waiting.
public final class PublicKeys {
    /// No keys: HS256 only.
    public static final PublicKeys NONE = new PublicKeys(List.of(), Duration.ZERO);

    static final int WAITING_MAX = 256;

    /// A token that names no key is checked with at most this many.
    private static final int TRIES_MAX = 16;

    private static final Set<JWSAlgorithm> ALGORITHMS =
            Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256, JWSAlgorithm.EdDSA);

    private final List<JwksEndpoint> endpoints;
    private final Duration waitAtMost;
    private final Semaphore waiting = new Semaphore(WAITING_MAX);

    PublicKeys(List<JwksEndpoint> endpoints, Duration waitAtMost) {
        this.endpoints = List.copyOf(endpoints);
        this.waitAtMost = waitAtMost;
    }

    boolean supports(JWSAlgorithm algorithm) {
        return !endpoints.isEmpty() && ALGORITHMS.contains(algorithm);
    }

    /// All algorithms that a token may be signed with, for messages.
    String algorithmsShown() {
        return endpoints.isEmpty() ? "HS256" : "HS256, RS256, ES256 or EdDSA";
    }

    /// A published key.
    ///
    /// @param source where it is published
    record Found(JWK jwk, KeySource source) {}

    /// The key that signed the token: of the type that belongs to its algorithm, published for signatures, with
    /// the token's `kid` if it has one, and from a URL that is valid for its tenant.
    ///
    /// @return empty if none of the matching keys has signed it
    /// @throws InvalidTokenException if there is no such key
    /// @throws TokenKeysUnavailableException if no such key is known, and the keys cannot be fetched now
    Optional<Found> signer(SignedJWT token, String tenant) throws InvalidTokenException {
        List<JwksEndpoint> asked =
                endpoints.stream().filter(endpoint -> endpoint.isFor(tenant)).toList();
        JWKMatcher matcher = JWKMatcher.forJWSHeader(token.getHeader());
        List<Found> keys = matching(asked, matcher);
        if (keys.isEmpty() && !asked.isEmpty()) {
            fetchNewer(asked);
            keys = matching(asked, matcher);
        }
        if (keys.isEmpty()) {
            if (asked.stream().anyMatch(JwksEndpoint::isUncertain)) {
                throw new TokenKeysUnavailableException("token keys cannot be fetched now");
            }
            throw new InvalidTokenException("token is signed with an unknown key");
        }
        return keys.stream()
                .limit(TRIES_MAX)
                .filter(key -> hasSigned(key.jwk(), token))
                .findFirst();
    }

    private static List<Found> matching(List<JwksEndpoint> asked, JWKMatcher matcher) {
        return asked.stream()
                .flatMap(endpoint -> endpoint.matching(matcher).stream().map(jwk -> new Found(jwk, endpoint.source())))
                .toList();
    }

    private void fetchNewer(List<JwksEndpoint> asked) {
        if (!waiting.tryAcquire()) {
            throw new TokenKeysUnavailableException("too many tokens are waiting for their keys");
        }
        try {
            CompletableFuture<?>[] fetches = asked.stream()
                    .flatMap(endpoint -> endpoint.demand().stream())
                    .toArray(CompletableFuture<?>[]::new);
            CompletableFuture.allOf(fetches).get(waitAtMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new TokenKeysUnavailableException("token keys cannot be fetched now");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TokenKeysUnavailableException("interrupted");
        } finally {
            waiting.release();
        }
    }

    private static boolean hasSigned(JWK key, SignedJWT token) {
        byte[] signed = token.getSigningInput();
        try {
            return switch (key) {
                case RSAKey rsa -> new RSASSAVerifier(rsa).verify(token.getHeader(), signed, token.getSignature());
                case ECKey ec -> new ECDSAVerifier(ec).verify(token.getHeader(), signed, token.getSignature());
                case OctetKeyPair okp ->
                    Ed25519Signature.verify(
                            okp.getDecodedX(), signed, token.getSignature().decode());
                default -> false;
            };
        } catch (JOSEException e) {
            return false;
        }
    }
}

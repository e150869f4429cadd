package chat.milena.push.provider;

import chat.milena.push.courier.HttpCarrier;
import chat.milena.push.courier.HttpCarrier.Answer;
import chat.milena.push.courier.Reasons;
import chat.milena.push.courier.Verdict;
import chat.milena.push.provider.FcmConfig.ServiceAccount;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The access token of one service account (RFC 7523): fetched when it is needed, kept until shortly before it
/// expires. There is one fetch at a time; the result of one that failed holds for some seconds. For all threads.
final class FcmTokens {
    private static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static final String SCOPE = "https://www.googleapis.com/auth/firebase.messaging";
    private static final Duration ASSERTION_LIFE = Duration.ofMinutes(30);
    private static final Duration MARGIN = Duration.ofMinutes(5);
    private static final Duration TOKEN_LIFE_MAX = Duration.ofHours(1);
    private static final Duration FAILURE_LIFE = Duration.ofSeconds(5);
    private static final int OK = 200;

    private final ServiceAccount account;
    private final HttpCarrier carrier;
    private final Clock clock;
    private @Nullable CompletableFuture<Grant> last;

    FcmTokens(ServiceAccount account, HttpCarrier carrier, Clock clock) {
        this.account = account;
        this.carrier = carrier;
        this.clock = clock;
    }

    /// What a fetch led to.
    sealed interface Grant {
        Instant until();
    }

    record Token(String value, Instant until) implements Grant {
        @Override
        public String toString() {
            return "Token[hidden]";
        }
    }

    /// @param verdict on the notifications that have no token now
    record Denied(Verdict verdict, Instant until) implements Grant {}

    /// The token of now. The future ends normally in any case.
    synchronized CompletableFuture<Grant> token() {
        CompletableFuture<Grant> known = last;
        if (known == null || (known.isDone() && !known.join().until().isAfter(clock.instant()))) {
            known = fetch();
            last = known;
        }
        return known.copy();
    }

    /// Forgets this token, which Google does not accept.
    synchronized void reject(Token token) {
        if (last != null && last.isDone() && last.join().equals(token)) {
            last = CompletableFuture.completedFuture(
                    new Denied(new Verdict.Retry(Reasons.KEY), clock.instant().plus(FAILURE_LIFE)));
        }
    }

    private CompletableFuture<Grant> fetch() {
        String body = "grant_type=" + URLEncoder.encode(GRANT, StandardCharsets.UTF_8) + "&assertion=" + assertion();
        return carrier.post(
                        account.tokens(),
                        Map.of("Content-Type", "application/x-www-form-urlencoded"),
                        body.getBytes(StandardCharsets.US_ASCII))
                .handle((answer, failure) -> answer == null ? denied(HttpCarrier.failed(failure)) : grant(answer));
    }

    private String assertion() {
        Instant now = clock.instant();
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(account.keyId()).build(),
                new JWTClaimsSet.Builder()
                        .issuer(account.email())
                        .audience(account.tokens().toString())
                        .claim("scope", SCOPE)
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(now.plus(ASSERTION_LIFE)))
                        .build());
        try {
            jwt.sign(new RSASSASigner(account.key()));
        } catch (JOSEException e) {
            throw new IllegalStateException("Every Java has RSA", e);
        }
        return jwt.serialize();
    }

    private Grant grant(Answer answer) {
        Verdict common = answer.common();
        if (common != null) {
            return denied(common);
        }
        if (answer.status() != OK) {
            // Google says 400 or 401 to a key that was deleted or is of another account.
            return denied(new Verdict.Retry(Reasons.KEY));
        }
        try {
            JsonNode json = PushBody.JSON.readTree(answer.body());
            String token = json.path("access_token").asText("");
            long seconds = Math.clamp(json.path("expires_in").asLong(), 0, TOKEN_LIFE_MAX.toSeconds());
            if (!token.isEmpty() && token.chars().allMatch(c -> c > ' ' && c < 127)) {
                Instant until = clock.instant().plusSeconds(seconds).minus(MARGIN);
                Instant least = clock.instant().plus(FAILURE_LIFE);
                return new Token(token, until.isBefore(least) ? least : until);
            }
        } catch (JsonProcessingException e) {
            // Nonsense.
        }
        return denied(new Verdict.Retry(Reasons.NONSENSE));
    }

    private Denied denied(Verdict verdict) {
        // A fault on the way to the token is never the notification's.
        Verdict retry = verdict instanceof Verdict.Retry ? verdict : new Verdict.Retry(Reasons.NONSENSE);
        return new Denied(retry, clock.instant().plus(FAILURE_LIFE));
    }
}

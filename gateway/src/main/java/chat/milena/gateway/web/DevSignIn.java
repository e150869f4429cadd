package chat.milena.gateway.web;

import chat.milena.protocol.conversation.NameRules;
import chat.milena.protocol.json.Fields;
import chat.milena.protocol.json.Fields.Rejection;
import chat.milena.protocol.json.Json;
import chat.milena.protocol.json.ProtocolJson;
import chat.milena.runtime.http.BodyReceiver;
import chat.milena.runtime.http.HttpAnswer;
import chat.milena.runtime.http.HttpFront;
import chat.milena.runtime.http.TrustedProxies;
import chat.milena.runtime.limit.Budget;
import chat.milena.runtime.limit.Holder;
import chat.milena.runtime.limit.RateLimiter;
import chat.milena.runtime.limit.RateLimiter.Rate;
import chat.milena.runtime.limit.RateLimiter.Refused;
import chat.milena.runtime.token.TokenSigner;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.word.ErrorCode;
import com.fasterxml.jackson.databind.JsonNode;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// `POST /dev/token`: a token for any name that is typed on the chat page, for development. It is served only to
/// the page of this server in a browser of this machine ([LocalPage]); for others the path does not exist.
public final class DevSignIn implements HttpHandler {
    private static final Duration LIFE = Duration.ofHours(1);
    private static final int BODY_BYTES_MAX = 4 * 1024;
    private static final int NAME_CODE_POINTS_MAX = 100;
    private static final int HASH_BYTES = 8;
    private static final Rate RATE = new Rate(5, Duration.ofSeconds(1), "sign-ins per second");
    private static final String ALL = "all";

    private final HttpFront front;
    private final TokenSigner signer;
    private final Set<String> moderators;
    private final Clock clock;
    private final RateLimiter<String> rates;

    /// @param signer signs as a host application would
    /// @param moderators ids of users who get the role
    /// @param nanoTime a time that never goes back
    public DevSignIn(HttpFront front, TokenSigner signer, Set<String> moderators, Clock clock, LongSupplier nanoTime) {
        this.front = front;
        this.signer = signer;
        this.moderators = moderators;
        this.clock = clock;
        this.rates = new RateLimiter<>(List.of(RATE), 2, nanoTime);
    }

    /// The answer.
    ///
    /// @param expiresAt in milliseconds since 1970
    private record SignedIn(String token, long expiresAt, String userId) {}

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        if (!LocalPage.asks(exchange, front.port())) {
            exchange.getResponseHeaders().add(Headers.VARY, Headers.ORIGIN_STRING);
            front.answerUnknown(exchange);
        } else if (rates.take(ALL) instanceof Refused refused) {
            HttpAnswer.rateLimited(refused).send(exchange);
        } else {
            Budget bodies = front.budgets().bodies();
            Holder holder = Holder.of(TrustedProxies.client(exchange));
            BodyReceiver.receive(
                    exchange,
                    BODY_BYTES_MAX,
                    bodies,
                    holder,
                    body -> answer(Json.parse(body).orElse(null)).send(exchange));
        }
    }

    private HttpAnswer answer(@Nullable JsonNode body) {
        if (body == null || !body.isObject()) {
            return HttpAnswer.error(ErrorCode.INVALID_REQUEST, "body: must be a JSON object in UTF-8");
        }
        Fields fields = Fields.of(body, ErrorCode.INVALID_REQUEST);
        String name = fields.text("name");
        String fault = NameRules.fault(name, NAME_CODE_POINTS_MAX);
        if (fault != null) {
            fields.refuse("name", fault);
        }
        Rejection rejection = fields.rejection();
        return rejection == null
                ? HttpAnswer.of(StatusCodes.OK, ProtocolJson.bytes(signIn(name)))
                : HttpAnswer.error(rejection.code(), rejection.reason());
    }

    private SignedIn signIn(String name) {
        Instant expiresAt = clock.instant().plus(LIFE).truncatedTo(ChronoUnit.SECONDS);
        boolean isId = Ids.isValidUser(name);
        String userId = isId ? name : "u_" + hash(name);
        String token = signer.sign(new VerifiedToken(
                Ids.DEFAULT_TENANT,
                userId,
                isId ? null : name,
                expiresAt,
                false,
                moderators.contains(userId),
                clock.instant(),
                null));
        return new SignedIn(token, expiresAt.toEpochMilli(), userId);
    }

    /// The same for each Unicode spelling of a name.
    private static String hash(String name) {
        byte[] normal = Normalizer.normalize(name, Normalizer.Form.NFC).getBytes(StandardCharsets.UTF_8);
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(normal);
            return HexFormat.of().formatHex(hash, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}

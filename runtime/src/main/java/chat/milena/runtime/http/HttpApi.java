package chat.milena.runtime.http;

import chat.milena.protocol.json.Json;
import chat.milena.runtime.limit.Budget;
import chat.milena.runtime.limit.Hold;
import chat.milena.runtime.limit.Holder;
import chat.milena.runtime.limit.HttpBudgets;
import chat.milena.runtime.limit.RateLimiter;
import chat.milena.runtime.limit.RateLimiter.Rate;
import chat.milena.runtime.token.InvalidTokenException;
import chat.milena.runtime.token.TokenKeysUnavailableException;
import chat.milena.runtime.token.TokenVerifier;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ErrorCode;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// JSON calls of authenticated users. Each runs in this order: token, website, rate, body, work, answer. A caller
/// without a token thus costs a head and the check of a token.
///
/// The token is checked on a thread that may wait, the body is received without a thread ([BodyReceiver]), and
/// the work runs on a thread that may wait.
///
/// Work whose client has gone is interrupted.
///
/// **Bounds.** Calls in progress are bounded in all, by tenant and by user; the bytes of bodies and answers by
/// [HttpBudgets]. A call holds its place, and the maximum bytes of its answer, until the answer is written or the
/// connection is gone. Beyond a bound the answer is 503; beyond the rate of a user 429. A long answer costs its
/// user one more call for each 64 KiB.
public final class HttpApi {
    private static final Logger LOG = LoggerFactory.getLogger(HttpApi.class);
    private static final String BEARER = "Bearer ";
    private static final JsonNode NO_BODY = JsonNodeFactory.instance.objectNode();
    private static final Duration RATE_PERIOD = Duration.ofSeconds(10);
    private static final int USERS_MAX = 100_000;
    private static final int BYTES_A_CALL = 64 * 1024;
    private static final int USERS_PART = 8;
    private static final int TENANT_PERCENT = 50;

    private final List<Route> routes;
    private final CrossOrigin crossOrigin;
    private final TokenVerifier verifier;
    private final HttpBudgets budgets;
    private final Executor blocking;
    private final Budget places;
    private final RateLimiter<UserKey> rates;
    private final int bodyBytesMax;

    /// Bounds of all calls together.
    ///
    /// @param inFlightMax calls in progress; a tenant may have half of them while there are others, and a user an
    /// eighth
    /// @param bodyBytesMax the longest body, unless the route allows more; beyond it 413
    /// @param userRate cost of a user's calls per second, up to ten seconds' worth in one burst; 0 is no limit
    public record Bounds(int inFlightMax, int bodyBytesMax, int userRate) {
        public Bounds {
            if (inFlightMax < 1 || bodyBytesMax < 1 || userRate < 0) {
                throw new IllegalArgumentException(
                        "inFlightMax and bodyBytesMax must be at least 1, userRate at least 0");
            }
        }
    }

    /// @param origins from which websites users may call
    /// @param budgets of the process
    /// @param blocking runs each call on a thread that may wait
    public HttpApi(
            List<Route> routes,
            Bounds bounds,
            AllowedOrigins origins,
            TokenVerifier verifier,
            HttpBudgets budgets,
            Executor blocking) {
        this.routes = List.copyOf(routes);
        this.crossOrigin = new CrossOrigin(origins);
        this.verifier = verifier;
        this.budgets = budgets;
        this.blocking = blocking;
        this.places = new Budget(Budget.Bounds.of(bounds.inFlightMax(), TENANT_PERCENT)
                .withUser(Math.max(1, bounds.inFlightMax() / USERS_PART)));
        this.rates = new RateLimiter<>(
                List.of(new Rate(
                        (int) (bounds.userRate() * RATE_PERIOD.toSeconds()),
                        RATE_PERIOD,
                        "calls of a user in 10 seconds")),
                USERS_MAX,
                System::nanoTime);
        this.bodyBytesMax = bounds.bodyBytesMax();
    }

    /// The calls that it answers.
    public List<Route> routes() {
        return routes;
    }

    /// A request, matched to its route.
    ///
    /// @param route one of [#routes()]
    /// @param path the values of the path's parameters
    record Match(Route route, Map<String, String> path) {}

    void answer(HttpServerExchange exchange, Match match) {
        exchange.dispatch(blocking, guarded(exchange, () -> admit(exchange, match)));
    }

    private void admit(HttpServerExchange exchange, Match match) {
        VerifiedToken token;
        try {
            token = authenticate(exchange.getRequestHeaders().getFirst(Headers.AUTHORIZATION));
        } catch (InvalidTokenException e) {
            HttpAnswer.unauthorized(e.closeCode(), e.getMessage()).send(exchange);
            return;
        } catch (TokenKeysUnavailableException e) {
            HttpAnswer.error(ErrorCode.UNAVAILABLE, "the token cannot be checked now")
                    .send(exchange);
            return;
        }
        UserKey user = new UserKey(token.tenant(), token.userId());
        Peer.known(exchange, user);
        if (!crossOrigin.allows(token.tenant(), exchange)) {
            HttpAnswer.error(ErrorCode.FORBIDDEN, "this website may not call").send(exchange);
        } else if (!token.unlimitedRate()
                && rates.take(user, match.route().cost()) instanceof RateLimiter.Refused refused) {
            HttpAnswer.rateLimited(refused).send(exchange);
        } else if (match.route().hasBody()) {
            int bytesMax = Math.max(bodyBytesMax, match.route().bodyBytesMax());
            BodyReceiver.receive(
                    exchange,
                    bytesMax,
                    budgets.bodies(),
                    Holder.of(user),
                    body -> exchange.dispatch(
                            blocking,
                            guarded(
                                    exchange,
                                    () -> work(
                                            exchange,
                                            match,
                                            token,
                                            Json.parse(body).orElse(null)))));
        } else {
            work(exchange, match, token, NO_BODY);
        }
    }

    private void work(HttpServerExchange exchange, Match match, VerifiedToken token, @Nullable JsonNode json) {
        if (json == null || !json.isObject()) {
            HttpAnswer.error(ErrorCode.INVALID_REQUEST, "body: must be a JSON object in UTF-8")
                    .send(exchange);
            return;
        }
        if (!exchange.getConnection().isOpen()) {
            return;
        }
        UserKey user = new UserKey(token.tenant(), token.userId());
        Holder holder = Holder.of(user);
        Hold place = new Hold(places, holder);
        Hold bytes = new Hold(budgets.answers(), holder);
        try {
            HttpAnswer answer;
            if (!place.grow(1)) {
                answer = HttpAnswer.error(ErrorCode.UNAVAILABLE, "too many calls in progress");
            } else if (!bytes.grow(match.route().answerBytesMax())) {
                answer = HttpAnswer.error(ErrorCode.UNAVAILABLE, "too many unread answers");
            } else {
                answer = answer(exchange, match, token, json);
            }
            bytes.set(answer.bytes());
            if (!token.unlimitedRate() && answer.bytes() >= BYTES_A_CALL) {
                rates.charge(user, answer.bytes() / BYTES_A_CALL);
            }
            answer.send(exchange);
        } finally {
            // From here on, the work holds its place until it ends, even if its client has gone.
            Peer.atEnd(exchange, () -> {
                place.end();
                bytes.end();
            });
        }
    }

    private static HttpAnswer answer(HttpServerExchange exchange, Match match, VerifiedToken token, JsonNode json) {
        HttpCall call = new HttpCall(
                token,
                exchange.getRequestPath(),
                match.path(),
                exchange.getQueryParameters(),
                exchange.getRequestHeaders(),
                json);
        try (Peer.Interruption _ = Peer.Interruption.atEnd(exchange)) {
            return match.route().action().answer(call);
        }
    }

    private static Runnable guarded(HttpServerExchange exchange, Runnable step) {
        return () -> {
            try {
                step.run();
            } catch (RuntimeException e) {
                LOG.error("{} {} failed", exchange.getRequestMethod(), exchange.getRequestPath(), e);
                if (exchange.isResponseStarted()) {
                    exchange.endExchange();
                } else {
                    HttpAnswer.error(ErrorCode.UNAVAILABLE, "internal error").send(exchange);
                }
            }
        };
    }

    private VerifiedToken authenticate(@Nullable String authorization) throws InvalidTokenException {
        if (authorization == null || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw new InvalidTokenException("a bearer token is required");
        }
        return verifier.verify(authorization.substring(BEARER.length()).strip());
    }
}

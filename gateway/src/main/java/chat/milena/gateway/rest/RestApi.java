package chat.milena.gateway.rest;

import chat.milena.gateway.delivery.Shards;
import chat.milena.gateway.frame.Json;
import chat.milena.gateway.frame.Limits;
import chat.milena.gateway.inbound.CommandFactory;
import chat.milena.gateway.inbound.CommandLog;
import chat.milena.gateway.inbound.OutcomeMeters;
import chat.milena.gateway.inbound.PendingCalls;
import chat.milena.gateway.rest.CommandCall.UnavailableException;
import chat.milena.runtime.token.InvalidTokenException;
import chat.milena.runtime.token.TokenVerifier;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ErrorCode;
import com.fasterxml.jackson.databind.JsonNode;
import io.undertow.io.Receiver;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The REST calls under `/api/v1` that write. Bodies are read without a thread; a call runs on a virtual thread, at
/// most so many at once: beyond it the answer is 503.
public final class RestApi implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(RestApi.class);
    private static final Pattern MESSAGES = Pattern.compile("/api/v1/conversations/([^/]+)/messages");
    private static final HttpString IDEMPOTENCY_KEY = new HttpString("Idempotency-Key");
    private static final String BEARER = "Bearer ";

    private final RestWrites writes;
    private final TokenVerifier verifier;
    private final Executor blocking;
    private final Semaphore places;
    private final int bodyBytesMax;

    /// What calls are served with.
    ///
    /// @param shardCount how many shards users are spread over
    public record Backing(
            CommandFactory commands,
            CommandLog log,
            PendingCalls calls,
            Shards shards,
            int shardCount,
            OutcomeMeters meters) {}

    /// @param blocking runs each call on a thread that may wait
    public RestApi(
            RestConfig config, Limits limits, Backing backing, TokenVerifier verifier, Executor blocking, Clock clock) {
        CommandCall call = new CommandCall(
                backing.shards(),
                backing.shardCount(),
                backing.log(),
                backing.calls(),
                backing.meters(),
                config.answerWithin());
        this.writes = new RestWrites(backing.commands(), call, limits, clock);
        this.verifier = verifier;
        this.blocking = blocking;
        this.places = new Semaphore(config.inFlightMax());
        this.bodyBytesMax = limits.frameBytesMax();
    }

    @FunctionalInterface
    private interface Route {
        RestAnswer answer(RestCall call) throws UnavailableException;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        String path = exchange.getRequestPath();
        Matcher messages = MESSAGES.matcher(path);
        if (path.equals("/api/v1/conversations")) {
            post(exchange, writes::createDirect, null);
        } else if (path.equals("/api/v1/groups")) {
            post(exchange, writes::createGroup, null);
        } else if (messages.matches()) {
            post(exchange, writes::send, messages.group(1));
        } else {
            RestAnswer.error(StatusCodes.NOT_FOUND, ErrorCode.INVALID_REQUEST, "no such path")
                    .send(exchange);
        }
    }

    private void post(HttpServerExchange exchange, Route route, @Nullable String conversationId) {
        if (!exchange.getRequestMethod().equals(Methods.POST)) {
            exchange.getResponseHeaders().put(Headers.ALLOW, Methods.POST_STRING);
            RestAnswer.error(StatusCodes.METHOD_NOT_ALLOWED, ErrorCode.INVALID_REQUEST, "must be POST")
                    .send(exchange);
            return;
        }
        Receiver receiver = exchange.getRequestReceiver();
        receiver.setMaxBufferSize(bodyBytesMax);
        receiver.receiveFullBytes((whole, body) -> dispatch(whole, route, conversationId, body), RestApi::refuseBody);
    }

    private static void refuseBody(HttpServerExchange exchange, java.io.IOException error) {
        exchange.setPersistent(false);
        if (error instanceof Receiver.RequestToLargeException) {
            RestAnswer.error(ErrorCode.TOO_LARGE, "body too large").send(exchange);
        } else {
            exchange.endExchange();
        }
    }

    private void dispatch(HttpServerExchange exchange, Route route, @Nullable String conversationId, byte[] body) {
        if (!places.tryAcquire()) {
            RestAnswer.error(ErrorCode.UNAVAILABLE, "too many calls in progress")
                    .send(exchange);
            return;
        }
        exchange.addExchangeCompleteListener((ended, next) -> {
            places.release();
            next.proceed();
        });
        exchange.dispatch(blocking, () -> {
            RestAnswer answer;
            try {
                answer = answer(exchange, route, conversationId, body);
            } catch (RuntimeException e) {
                LOG.error("{} {} failed", exchange.getRequestMethod(), exchange.getRequestPath(), e);
                answer = RestAnswer.error(ErrorCode.UNAVAILABLE, "something went wrong here");
            }
            answer.send(exchange);
        });
    }

    private RestAnswer answer(HttpServerExchange exchange, Route route, @Nullable String conversationId, byte[] body) {
        UserKey caller;
        try {
            caller = authenticate(exchange.getRequestHeaders().getFirst(Headers.AUTHORIZATION));
        } catch (InvalidTokenException e) {
            return RestAnswer.error(ErrorCode.UNAUTHORIZED, reason(e));
        }
        JsonNode json = parse(body);
        if (json == null || !json.isObject()) {
            return RestAnswer.error(ErrorCode.INVALID_REQUEST, "body: must be a JSON object in UTF-8");
        }
        String key = exchange.getRequestHeaders().getFirst(IDEMPOTENCY_KEY);
        try {
            return route.answer(new RestCall(caller, conversationId, key, json));
        } catch (UnavailableException e) {
            return RestAnswer.error(ErrorCode.UNAVAILABLE, "not known to be done; safe to try again");
        }
    }

    private static String reason(InvalidTokenException e) {
        String reason = e.getMessage();
        return reason == null ? "token is not valid" : reason;
    }

    private UserKey authenticate(@Nullable String authorization) throws InvalidTokenException {
        if (authorization == null || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw new InvalidTokenException("a bearer token is required");
        }
        VerifiedToken token =
                verifier.verify(authorization.substring(BEARER.length()).strip());
        return new UserKey(token.tenant(), token.userId());
    }

    /// @return null if it is no JSON in UTF-8
    private static @Nullable JsonNode parse(byte[] body) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            return Json.parse(text).orElse(null);
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}

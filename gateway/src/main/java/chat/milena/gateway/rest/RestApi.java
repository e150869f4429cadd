package chat.milena.gateway.rest;

import chat.milena.gateway.delivery.Shards;
import chat.milena.gateway.frame.Json;
import chat.milena.gateway.frame.Limits;
import chat.milena.gateway.inbound.Caller;
import chat.milena.gateway.inbound.CommandFactory;
import chat.milena.gateway.inbound.CommandLog;
import chat.milena.gateway.inbound.CommandRates;
import chat.milena.gateway.inbound.OutcomeMeters;
import chat.milena.gateway.inbound.PendingCalls;
import chat.milena.gateway.rest.CommandCall.RateLimitedException;
import chat.milena.gateway.rest.CommandCall.UnansweredException;
import chat.milena.runtime.token.InvalidTokenException;
import chat.milena.runtime.token.TokenKeysUnavailableException;
import chat.milena.runtime.token.TokenVerifier;
import chat.milena.schemas.word.ErrorCode;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.undertow.io.Receiver;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.StatusCodes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The REST calls under `/api/v1` that write. Bodies are read without a thread; a call runs on a virtual thread, at
/// most so many at once: beyond it the answer is 503.
public final class RestApi implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(RestApi.class);
    private static final HttpString IDEMPOTENCY_KEY = new HttpString("Idempotency-Key");
    private static final String BEARER = "Bearer ";
    private static final JsonNode NO_BODY = JsonNodeFactory.instance.objectNode();

    private final RestRoutes routes;
    private final CrossOrigin crossOrigin;
    private final TokenVerifier verifier;
    private final Executor blocking;
    private final Semaphore places;
    private final int bodyBytesMax;

    /// What calls are served with.
    ///
    /// @param shardCount how many shards users are spread over
    public record Backing(
            CommandFactory commands,
            CommandRates rates,
            CommandLog log,
            PendingCalls calls,
            Shards shards,
            int shardCount,
            OutcomeMeters meters) {}

    /// @param origins from which websites users may call
    /// @param blocking runs each call on a thread that may wait
    public RestApi(
            RestConfig config,
            Limits limits,
            AllowedOrigins origins,
            Backing backing,
            TokenVerifier verifier,
            Executor blocking,
            Clock clock) {
        CommandCall log = new CommandCall(backing, config.answerWithin());
        this.routes = new RestRoutes(
                new RestWrites(backing.commands(), log, limits, clock),
                new RestChanges(backing.commands(), log, limits));
        this.crossOrigin = new CrossOrigin(origins);
        this.verifier = verifier;
        this.blocking = blocking;
        this.places = new Semaphore(config.inFlightMax());
        this.bodyBytesMax = limits.frameBytesMax();
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        if (crossOrigin.answersPreflight(exchange)) {
            return;
        }
        crossOrigin.mark(exchange);
        switch (routes.find(exchange.getRequestMethod(), exchange.getRequestPath())) {
            case RestRoutes.Call call -> receive(exchange, call);
            case RestRoutes.OtherMethods(var allowed) -> {
                exchange.getResponseHeaders().put(Headers.ALLOW, allowed);
                RestAnswer.error(StatusCodes.METHOD_NOT_ALLOWED, ErrorCode.INVALID_REQUEST, "must be " + allowed)
                        .send(exchange);
            }
            case RestRoutes.NoPath() ->
                RestAnswer.error(StatusCodes.NOT_FOUND, ErrorCode.INVALID_REQUEST, "no such path")
                        .send(exchange);
        }
    }

    private void receive(HttpServerExchange exchange, RestRoutes.Call call) {
        Receiver receiver = exchange.getRequestReceiver();
        receiver.setMaxBufferSize(bodyBytesMax);
        receiver.receiveFullBytes((whole, body) -> dispatch(whole, call, body), RestApi::refuseBody);
    }

    private static void refuseBody(HttpServerExchange exchange, java.io.IOException error) {
        exchange.setPersistent(false);
        if (error instanceof Receiver.RequestToLargeException) {
            RestAnswer.error(ErrorCode.TOO_LARGE, "body too large").send(exchange);
        } else {
            exchange.endExchange();
        }
    }

    private void dispatch(HttpServerExchange exchange, RestRoutes.Call call, byte[] body) {
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
                answer = answer(exchange, call, body);
            } catch (RuntimeException e) {
                LOG.error("{} {} failed", exchange.getRequestMethod(), exchange.getRequestPath(), e);
                answer = RestAnswer.error(ErrorCode.UNAVAILABLE, "something went wrong here");
            }
            answer.send(exchange);
        });
    }

    private RestAnswer answer(HttpServerExchange exchange, RestRoutes.Call call, byte[] body) {
        Caller caller;
        try {
            caller = authenticate(exchange.getRequestHeaders().getFirst(Headers.AUTHORIZATION));
        } catch (InvalidTokenException e) {
            return RestAnswer.error(ErrorCode.UNAUTHORIZED, reason(e));
        } catch (TokenKeysUnavailableException e) {
            return RestAnswer.error(ErrorCode.UNAVAILABLE, "the token cannot be checked now");
        }
        if (!crossOrigin.allows(caller.user().tenant(), exchange)) {
            return RestAnswer.error(ErrorCode.FORBIDDEN, "this website may not call");
        }
        JsonNode json = call.route().hasBody() ? parse(body) : NO_BODY;
        if (json == null || !json.isObject()) {
            return RestAnswer.error(ErrorCode.INVALID_REQUEST, "body: must be a JSON object in UTF-8");
        }
        String key = exchange.getRequestHeaders().getFirst(IDEMPOTENCY_KEY);
        try {
            return call.route()
                    .action()
                    .answer(new RestCall(caller, call.conversationId(), call.memberId(), key, json));
        } catch (RateLimitedException e) {
            return RestAnswer.rateLimited(e.refused());
        } catch (UnansweredException e) {
            return RestAnswer.error(ErrorCode.UNAVAILABLE, "not known to be done; safe to try again");
        }
    }

    private static String reason(InvalidTokenException e) {
        String reason = e.getMessage();
        return reason == null ? "token is not valid" : reason;
    }

    private Caller authenticate(@Nullable String authorization) throws InvalidTokenException {
        if (authorization == null || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw new InvalidTokenException("a bearer token is required");
        }
        return Caller.of(
                verifier.verify(authorization.substring(BEARER.length()).strip()));
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

package chat.milena.runtime.http;

import chat.milena.runtime.json.Json;
import chat.milena.runtime.token.InvalidTokenException;
import chat.milena.runtime.token.TokenKeysUnavailableException;
import chat.milena.runtime.token.TokenVerifier;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.schemas.word.ErrorCode;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.undertow.io.Receiver;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// JSON calls of authenticated users. Bodies are read without a thread; the rest runs on a thread that may wait.
///
/// Calls in progress are bounded: beyond it the answer is 503. A call is in progress from the moment its caller is
/// known until its answer is, so neither who has no token nor who does not read the answer keeps others out; for those
/// there is the deadline of [HttpFront].
public final class HttpApi implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(HttpApi.class);
    private static final String BEARER = "Bearer ";
    private static final JsonNode NO_BODY = JsonNodeFactory.instance.objectNode();

    private final HttpRoutes routes;
    private final CrossOrigin crossOrigin;
    private final TokenVerifier verifier;
    private final Executor blocking;
    private final Semaphore places;
    private final int bodyBytesMax;

    /// What calls may use.
    ///
    /// @param inFlightMax calls in progress; beyond it 503
    /// @param bodyBytesMax the longest body, where a call does not say more; beyond it 413
    public record Bounds(int inFlightMax, int bodyBytesMax) {
        public Bounds {
            if (inFlightMax < 1 || bodyBytesMax < 1) {
                throw new IllegalArgumentException("inFlightMax and bodyBytesMax must be at least 1");
            }
        }
    }

    /// @param origins from which websites users may call
    /// @param blocking runs each call on a thread that may wait
    public HttpApi(
            HttpRoutes routes, Bounds bounds, AllowedOrigins origins, TokenVerifier verifier, Executor blocking) {
        this.routes = routes;
        this.crossOrigin = new CrossOrigin(origins);
        this.verifier = verifier;
        this.blocking = blocking;
        this.places = new Semaphore(bounds.inFlightMax());
        this.bodyBytesMax = bounds.bodyBytesMax();
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        if (crossOrigin.answersPreflight(exchange)) {
            return;
        }
        crossOrigin.mark(exchange);
        switch (routes.find(exchange.getRequestMethod(), exchange.getRequestPath())) {
            case HttpRoutes.Match match -> receive(exchange, match);
            case HttpRoutes.OtherMethods(var allowed) -> {
                exchange.getResponseHeaders().put(Headers.ALLOW, allowed);
                HttpAnswer.error(StatusCodes.METHOD_NOT_ALLOWED, ErrorCode.INVALID_REQUEST, "must be " + allowed)
                        .send(exchange);
            }
            case HttpRoutes.NoPath() ->
                HttpAnswer.error(StatusCodes.NOT_FOUND, ErrorCode.INVALID_REQUEST, "no such path")
                        .send(exchange);
        }
    }

    private void receive(HttpServerExchange exchange, HttpRoutes.Match match) {
        Receiver receiver = exchange.getRequestReceiver();
        receiver.setMaxBufferSize(Math.max(bodyBytesMax, match.route().bodyBytesMax()));
        receiver.receiveFullBytes((whole, body) -> dispatch(whole, match, body), HttpApi::refuseBody);
    }

    private static void refuseBody(HttpServerExchange exchange, IOException error) {
        exchange.setPersistent(false);
        if (error instanceof Receiver.RequestToLargeException) {
            HttpAnswer.error(ErrorCode.TOO_LARGE, "body too large").send(exchange);
        } else {
            exchange.endExchange();
        }
    }

    private void dispatch(HttpServerExchange exchange, HttpRoutes.Match match, byte[] body) {
        exchange.dispatch(blocking, () -> {
            HttpAnswer answer;
            try {
                answer = answer(exchange, match, body);
            } catch (RuntimeException e) {
                LOG.error("{} {} failed", exchange.getRequestMethod(), exchange.getRequestPath(), e);
                answer = HttpAnswer.error(ErrorCode.UNAVAILABLE, "something went wrong here");
            }
            answer.send(exchange);
        });
    }

    private HttpAnswer answer(HttpServerExchange exchange, HttpRoutes.Match match, byte[] body) {
        VerifiedToken token;
        try {
            token = authenticate(exchange.getRequestHeaders().getFirst(Headers.AUTHORIZATION));
        } catch (InvalidTokenException e) {
            return HttpAnswer.error(ErrorCode.UNAUTHORIZED, reason(e));
        } catch (TokenKeysUnavailableException e) {
            return HttpAnswer.error(ErrorCode.UNAVAILABLE, "the token cannot be checked now");
        }
        if (!crossOrigin.allows(token.tenant(), exchange)) {
            return HttpAnswer.error(ErrorCode.FORBIDDEN, "this website may not call");
        }
        JsonNode json = match.route().hasBody() ? parse(body) : NO_BODY;
        if (json == null || !json.isObject()) {
            return HttpAnswer.error(ErrorCode.INVALID_REQUEST, "body: must be a JSON object in UTF-8");
        }
        HttpCall call =
                new HttpCall(token, match.path(), exchange.getQueryParameters(), exchange.getRequestHeaders(), json);
        return inItsPlace(match.route().action(), call);
    }

    private HttpAnswer inItsPlace(HttpRoutes.Action action, HttpCall call) {
        if (!places.tryAcquire()) {
            return HttpAnswer.error(ErrorCode.UNAVAILABLE, "too many calls in progress");
        }
        try {
            return action.answer(call);
        } finally {
            places.release();
        }
    }

    private static String reason(InvalidTokenException e) {
        String reason = e.getMessage();
        return reason == null ? "token is not valid" : reason;
    }

    private VerifiedToken authenticate(@Nullable String authorization) throws InvalidTokenException {
        if (authorization == null || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw new InvalidTokenException("a bearer token is required");
        }
        return verifier.verify(authorization.substring(BEARER.length()).strip());
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

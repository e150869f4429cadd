package chat.milena.runtime.http;

import chat.milena.protocol.call.CallRefused;
import chat.milena.protocol.frame.CloseCode;
import chat.milena.protocol.json.ProtocolJson;
import chat.milena.runtime.lifecycle.RequestMeters;
import chat.milena.runtime.limit.RateLimiter;
import chat.milena.schemas.word.ErrorCode;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The answer to a call: a status and a JSON body. Immutable.
public final class HttpAnswer {
    private static final Logger LOG = LoggerFactory.getLogger(HttpAnswer.class);
    private static final Duration RETRY_SOON = Duration.ofSeconds(1);
    private static final long NEVER = 0;

    private final int status;
    private final byte[] body;
    private final long retryAfterSeconds;
    private final @Nullable ErrorCode code;

    private HttpAnswer(int status, byte[] body, long retryAfterSeconds, @Nullable ErrorCode code) {
        this.status = status;
        this.body = body;
        this.retryAfterSeconds = retryAfterSeconds;
        this.code = code;
    }

    /// Success, or any other status with a body of its own.
    public static HttpAnswer of(int status, byte[] body) {
        return new HttpAnswer(status, body, NEVER, null);
    }

    /// The answer of another process.
    ///
    /// @param retryAfterSeconds 0 for none
    /// @param code null unless it is an error
    public static HttpAnswer passedOn(int status, byte[] body, long retryAfterSeconds, @Nullable ErrorCode code) {
        return new HttpAnswer(status, body, retryAfterSeconds, code);
    }

    /// Success, without a body.
    public static HttpAnswer empty() {
        return new HttpAnswer(StatusCodes.NO_CONTENT, new byte[0], NEVER, null);
    }

    /// Rejection, with the status that belongs to the code.
    public static HttpAnswer error(ErrorCode code, String message) {
        return error(status(code), code, message);
    }

    /// Rejection with a status of its own: unknown path, wrong method.
    public static HttpAnswer error(int status, ErrorCode code, String message) {
        boolean retry = code == ErrorCode.UNAVAILABLE || code == ErrorCode.RATE_LIMITED;
        return refused(status, CallRefused.of(code, message, retry ? RETRY_SOON.toSeconds() : null));
    }

    /// Rejection with further fields.
    public static HttpAnswer refused(int status, CallRefused refused) {
        Long retryAfterSeconds = refused.retryAfter();
        return new HttpAnswer(
                status,
                ProtocolJson.bytes(refused),
                retryAfterSeconds == null ? NEVER : retryAfterSeconds,
                refused.error());
    }

    /// Rejection of a token.
    ///
    /// @param why how a WebSocket with this token is closed
    public static HttpAnswer unauthorized(CloseCode why, @Nullable String message) {
        return refused(
                StatusCodes.UNAUTHORIZED,
                CallRefused.unauthorized(message == null ? "token is not valid" : message, why.reason()));
    }

    /// Rejection because a rate is used up.
    public static HttpAnswer rateLimited(RateLimiter.Refused refused) {
        return refused(
                StatusCodes.TOO_MANY_REQUESTS,
                CallRefused.rateLimited(
                        "rate limit exceeded: " + refused.limit(), refused.retryAfterSeconds(), refused.limit()));
    }

    /// The HTTP status of each code of the protocol.
    public static int status(ErrorCode code) {
        return CallRefused.status(code);
    }

    /// The HTTP status.
    public int status() {
        return status;
    }

    /// The length of its body.
    int bytes() {
        return body.length;
    }

    /// Writes the answer and ends the exchange, from any thread: on the I/O thread of the connection, which also
    /// closes it. Proxies and browsers may neither keep the answer nor guess another type. If the client is gone,
    /// nothing is sent. If the request has not ended, the connection is closed, since the client might never stop
    /// sending.
    public void send(HttpServerExchange exchange) {
        if (exchange.isInIoThread()) {
            write(exchange);
        } else {
            try {
                exchange.dispatch(exchange.getIoThread(), () -> write(exchange));
            } catch (RejectedExecutionException e) {
                LOG.debug("The listener has stopped, and this exchange with it");
            }
        }
    }

    private void write(HttpServerExchange exchange) {
        if (exchange.isComplete() || !exchange.getConnection().isOpen()) {
            exchange.endExchange();
            return;
        }
        RequestMeters.Request request = HttpFront.request(exchange);
        if (code != null && request != null) {
            request.rejected(code);
        }
        closeUnread(exchange);
        exchange.setStatusCode(status);
        exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "no-store");
        exchange.getResponseHeaders().put(Headers.X_CONTENT_TYPE_OPTIONS, "nosniff");
        if (body.length > 0) {
            exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json");
        }
        if (retryAfterSeconds != NEVER) {
            exchange.getResponseHeaders().put(Headers.RETRY_AFTER, retryAfterSeconds);
        }
        if (!exchange.isPersistent()) {
            exchange.getResponseHeaders().put(Headers.CONNECTION, "close");
        }
        if (status == StatusCodes.UNAUTHORIZED) {
            exchange.getResponseHeaders().put(Headers.WWW_AUTHENTICATE, "Bearer");
        }
        exchange.getResponseSender().send(ByteBuffer.wrap(body));
    }

    /// Closes the connection after the answer if the request may continue.
    static void closeUnread(HttpServerExchange exchange) {
        if (!exchange.isRequestComplete()) {
            exchange.setPersistent(false);
        }
    }
}

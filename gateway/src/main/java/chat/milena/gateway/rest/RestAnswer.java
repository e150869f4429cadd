package chat.milena.gateway.rest;

import chat.milena.gateway.frame.Json;
import chat.milena.gateway.inbound.Allowances.Refused;
import chat.milena.schemas.word.ErrorCode;
import com.fasterxml.jackson.core.JsonGenerator;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/// What a call is answered: a status and a JSON body. Immutable.
public final class RestAnswer {
    private static final Duration RETRY_SOON = Duration.ofSeconds(1);
    private static final long NEVER = 0;

    private final int status;
    private final byte[] body;
    private final long retryAfterSeconds;

    private RestAnswer(int status, byte[] body, long retryAfterSeconds) {
        this.status = status;
        this.body = body;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /// Success.
    static RestAnswer of(int status, byte[] body) {
        return new RestAnswer(status, body, NEVER);
    }

    /// Success, with nothing to say.
    static RestAnswer empty() {
        return new RestAnswer(StatusCodes.NO_CONTENT, new byte[0], NEVER);
    }

    /// Refusal, with the status that belongs to the code.
    public static RestAnswer error(ErrorCode code, String message) {
        return error(status(code), code, message);
    }

    /// Refusal with a status of its own: unknown path, wrong method.
    public static RestAnswer error(int status, ErrorCode code, String message) {
        return error(status, code, message, json -> {});
    }

    /// Refusal that says more.
    static RestAnswer error(int status, ErrorCode code, String message, Json.Writer more) {
        boolean retry = code == ErrorCode.UNAVAILABLE || code == ErrorCode.RATE_LIMITED;
        return error(status, code, message, retry ? RETRY_SOON.toSeconds() : NEVER, more);
    }

    /// Refusal for now: the allowance is used up.
    public static RestAnswer rateLimited(Refused refused) {
        return error(
                StatusCodes.TOO_MANY_REQUESTS,
                ErrorCode.RATE_LIMITED,
                "rate limit exceeded: " + refused.limit(),
                refused.retryAfterSeconds(),
                json -> json.writeStringField("limit", refused.limit()));
    }

    private static RestAnswer error(
            int status, ErrorCode code, String message, long retryAfterSeconds, Json.Writer more) {
        byte[] body = Json.bytes(json -> {
            json.writeStartObject();
            writeError(json, code, message);
            if (retryAfterSeconds != NEVER) {
                json.writeNumberField("retryAfter", retryAfterSeconds);
            }
            more.write(json);
            json.writeEndObject();
        });
        return new RestAnswer(status, body, retryAfterSeconds);
    }

    private static void writeError(JsonGenerator json, ErrorCode code, String message) throws IOException {
        json.writeStringField("error", code.word());
        json.writeStringField("message", message);
    }

    /// The HTTP status of each code of the protocol.
    static int status(ErrorCode code) {
        return switch (code) {
            case INVALID_MESSAGE, INVALID_REQUEST -> StatusCodes.BAD_REQUEST;
            case UNAUTHORIZED -> StatusCodes.UNAUTHORIZED;
            case FORBIDDEN -> StatusCodes.FORBIDDEN;
            case CONVERSATION_NOT_FOUND, MESSAGE_NOT_FOUND -> StatusCodes.NOT_FOUND;
            case DUPLICATE_MESSAGE -> StatusCodes.CONFLICT;
            case TOO_LARGE -> StatusCodes.REQUEST_ENTITY_TOO_LARGE;
            case RATE_LIMITED -> StatusCodes.TOO_MANY_REQUESTS;
            case UNAVAILABLE -> StatusCodes.SERVICE_UNAVAILABLE;
        };
    }

    int status() {
        return status;
    }

    /// Writes the answer and ends the exchange.
    public void send(HttpServerExchange exchange) {
        exchange.setStatusCode(status);
        if (body.length > 0) {
            exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json");
        }
        if (retryAfterSeconds != NEVER) {
            exchange.getResponseHeaders().put(Headers.RETRY_AFTER, retryAfterSeconds);
        }
        if (status == StatusCodes.UNAUTHORIZED) {
            exchange.getResponseHeaders().put(Headers.WWW_AUTHENTICATE, "Bearer");
        }
        exchange.getResponseSender().send(ByteBuffer.wrap(body));
    }
}

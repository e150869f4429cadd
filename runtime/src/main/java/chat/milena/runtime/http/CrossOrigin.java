package chat.milena.runtime.http;

import chat.milena.schemas.word.ErrorCode;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Lets browser applications of allowed websites call from another origin than the gateway's own (CORS).
/// Immutable.
///
/// Callers authenticate by a token and never by a cookie, so credentials are not allowed.
public final class CrossOrigin {
    private static final HttpString ASKED_METHOD = new HttpString("Access-Control-Request-Method");
    private static final HttpString ASKED_HEADERS = new HttpString("Access-Control-Request-Headers");
    private static final Pattern HEADER_NAMES = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~, -]{1,1024}");
    private static final HttpString ALLOWED_ORIGIN = new HttpString("Access-Control-Allow-Origin");
    private static final HttpString ALLOWED_METHODS = new HttpString("Access-Control-Allow-Methods");
    private static final HttpString ALLOWED_HEADERS = new HttpString("Access-Control-Allow-Headers");
    private static final HttpString EXPOSED_HEADERS = new HttpString("Access-Control-Expose-Headers");
    private static final HttpString MAX_AGE_SECONDS = new HttpString("Access-Control-Max-Age");

    private final AllowedOrigins origins;

    public CrossOrigin(AllowedOrigins origins) {
        this.origins = origins;
    }

    /// Answers a preflight request of a browser.
    ///
    /// @return false if this is no preflight request and still needs an answer
    public boolean answersPreflight(HttpServerExchange exchange) {
        HeaderMap head = exchange.getRequestHeaders();
        String origin = origin(exchange);
        if (!exchange.getRequestMethod().equals(Methods.OPTIONS) || origin == null || !head.contains(ASKED_METHOD)) {
            return false;
        }
        mark(exchange);
        if (origins.allowsSome(origin)) {
            HeaderMap answer = exchange.getResponseHeaders();
            answer.put(ALLOWED_METHODS, "GET, POST, PUT, PATCH, DELETE");
            // Credentials are not allowed, so a page gains nothing from any header that it may send.
            String asked = head.getFirst(ASKED_HEADERS);
            if (asked != null && HEADER_NAMES.matcher(asked).matches()) {
                answer.put(ALLOWED_HEADERS, asked);
            }
            answer.put(MAX_AGE_SECONDS, 600);
            exchange.setStatusCode(StatusCodes.NO_CONTENT);
            exchange.endExchange();
        } else {
            HttpAnswer.error(ErrorCode.FORBIDDEN, "this website may not call").send(exchange);
        }
        return true;
    }

    /// Lets the website read the answer, whatever the answer is.
    public void mark(HttpServerExchange exchange) {
        String origin = origin(exchange);
        HeaderMap answer = exchange.getResponseHeaders();
        answer.add(Headers.VARY, Headers.ORIGIN_STRING);
        if (origin != null && origins.allowsSome(origin)) {
            answer.put(ALLOWED_ORIGIN, origin);
            answer.put(EXPOSED_HEADERS, "Retry-After, Location, ETag");
        }
    }

    /// Whether users of this tenant may call from the origin of this request. If not, the website may not read
    /// the answer.
    public boolean allows(String tenant, HttpServerExchange exchange) {
        if (origins.allows(tenant, origin(exchange))) {
            return true;
        }
        exchange.getResponseHeaders().remove(ALLOWED_ORIGIN);
        return false;
    }

    private static @Nullable String origin(HttpServerExchange exchange) {
        return exchange.getRequestHeaders().getFirst(Headers.ORIGIN);
    }
}

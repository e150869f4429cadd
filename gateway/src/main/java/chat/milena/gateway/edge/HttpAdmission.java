package chat.milena.gateway.edge;

import chat.milena.runtime.http.CrossOrigin;
import chat.milena.runtime.http.HttpAnswer;
import chat.milena.runtime.http.Peer;
import chat.milena.runtime.http.TrustedProxies;
import chat.milena.runtime.limit.ClientAddress;
import chat.milena.runtime.limit.RateLimiter.Answer;
import chat.milena.runtime.limit.RateLimiter.Refused;
import chat.milena.runtime.token.InvalidTokenException;
import chat.milena.runtime.token.TokenKeysUnavailableException;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ErrorCode;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Admits clients that cannot use WebSockets: token, origin, rates, shares and shard as for a WebSocket, rejected
/// like REST calls. Safe for all threads.
final class HttpAdmission {
    private static final Logger LOG = LoggerFactory.getLogger(HttpAdmission.class);
    private static final String BEARER = "Bearer ";

    /// The query parameter that names the device.
    static final String DEVICE = "device_id";

    static final HttpAnswer BAD_DEVICE =
            HttpAnswer.error(ErrorCode.INVALID_REQUEST, DEVICE + ": must be 1 to 64 of A-Z a-z 0-9 _ . -");

    private final Admission admission;
    private final CrossOrigin crossOrigin;

    HttpAdmission(Admission admission) {
        this.admission = admission;
        this.crossOrigin = new CrossOrigin(admission.origins());
    }

    /// Serves an admitted client, on a thread that may wait. An exception is answered 503.
    @FunctionalInterface
    interface Host {
        void take(AdmittedUser admitted);
    }

    /// How often a user may connect; not called for users who are exempt from rates.
    @FunctionalInterface
    interface Rate {
        Answer take(UserKey user, ClientAddress from);
    }

    /// Admits the client of this exchange, or answers why it is rejected.
    void admit(HttpServerExchange exchange, Rate rate, Host host) {
        if (!exchange.getRequestMethod().equals(Methods.GET)) {
            exchange.getResponseHeaders().put(Headers.ALLOW, Methods.GET_STRING);
            HttpAnswer.error(StatusCodes.METHOD_NOT_ALLOWED, ErrorCode.INVALID_REQUEST, "must be GET")
                    .send(exchange);
        } else if (admission.places().isFull()) {
            HttpAnswer.error(ErrorCode.UNAVAILABLE, "too many connections").send(exchange);
        } else if (!hasGoodDevice(exchange)) {
            BAD_DEVICE.send(exchange);
        } else {
            exchange.dispatch(admission.blocking(), () -> admitNow(exchange, rate, host));
        }
    }

    private void admitNow(HttpServerExchange exchange, Rate rate, Host host) {
        HttpAnswer refusal;
        AdmittedUser admitted = null;
        try {
            VerifiedToken token = admission.verifier().verify(token(exchange));
            Peer.known(exchange, new UserKey(token.tenant(), token.userId()));
            refusal = refusal(exchange, token, rate);
            if (refusal == null) {
                admitted = place(exchange, token);
                host.take(admitted);
                return;
            }
        } catch (InvalidTokenException e) {
            refusal = HttpAnswer.unauthorized(e.closeCode(), e.getMessage());
        } catch (TokenKeysUnavailableException e) {
            refusal = HttpAnswer.error(ErrorCode.UNAVAILABLE, "the token cannot be checked now");
        } catch (NoPlaceException e) {
            refusal = HttpAnswer.error(ErrorCode.UNAVAILABLE, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("A client could not be admitted", e);
            refusal = HttpAnswer.error(ErrorCode.UNAVAILABLE, "internal error");
        }
        if (admitted != null) {
            admitted.giveBack().run();
        }
        refusal.send(exchange);
    }

    /// Whether the request names no device, or one that can be.
    static boolean hasGoodDevice(HttpServerExchange exchange) {
        String deviceId = parameter(exchange, DEVICE);
        return deviceId == null || Ids.isValid(deviceId);
    }

    private AdmittedUser place(HttpServerExchange exchange, VerifiedToken token)
            throws NoPlaceException, InvalidTokenException {
        try (Peer.Interruption _ = Peer.Interruption.atEnd(exchange)) {
            return admission.places().take(token, parameter(exchange, DEVICE));
        }
    }

    private @Nullable HttpAnswer refusal(HttpServerExchange exchange, VerifiedToken token, Rate rate) {
        if (!crossOrigin.allows(token.tenant(), exchange)) {
            return HttpAnswer.error(ErrorCode.FORBIDDEN, "this website may not call");
        }
        if (token.unlimitedRate()) {
            return null;
        }
        UserKey user = new UserKey(token.tenant(), token.userId());
        return rate.take(user, TrustedProxies.client(exchange)) instanceof Refused refused
                ? HttpAnswer.rateLimited(refused)
                : null;
    }

    private static String token(HttpServerExchange exchange) throws InvalidTokenException {
        String head = exchange.getRequestHeaders().getFirst(Headers.AUTHORIZATION);
        if (head != null && head.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return head.substring(BEARER.length()).strip();
        }
        String parameter = parameter(exchange, "token");
        if (parameter == null) {
            throw new InvalidTokenException("a bearer token is required");
        }
        return parameter;
    }

    /// A query parameter; the first if it is given several times.
    static @Nullable String parameter(HttpServerExchange exchange, String name) {
        Deque<String> values = exchange.getQueryParameters().get(name);
        return values == null ? null : values.peekFirst();
    }
}

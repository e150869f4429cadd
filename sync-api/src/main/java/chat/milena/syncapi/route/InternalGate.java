package chat.milena.syncapi.route;

import chat.milena.runtime.config.Secret;
import chat.milena.runtime.http.HttpAnswer;
import chat.milena.runtime.http.Peer;
import io.undertow.io.Receiver;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The way into the calls of other processes of the installation, on a listener that clients do not reach. Every
/// call must carry the secret of the installation.
///
/// **Bounds.** Bodies are bounded; calls in progress too, beyond that the answer is 503.
public final class InternalGate implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(InternalGate.class);
    private static final int BODY_BYTES_MAX = 4 << 20;
    private static final String BEARER = "Bearer ";

    private final byte[] secret;
    private final Executor blocking;
    private final Semaphore places;
    private final Calls calls;

    /// Answers calls, on a thread that may wait.
    @FunctionalInterface
    public interface Calls {
        /// The answer to a call.
        ///
        /// @param body the bytes of the request
        HttpAnswer answer(HttpServerExchange exchange, byte[] body) throws InterruptedException;
    }

    /// @param secret shared by all processes
    /// @param blocking runs each call on a thread that may wait
    /// @param inFlightMax calls in progress; beyond it 503
    public InternalGate(Secret secret, Executor blocking, int inFlightMax, Calls calls) {
        this.secret = (BEARER + secret.value()).getBytes(StandardCharsets.UTF_8);
        this.blocking = blocking;
        this.places = new Semaphore(inFlightMax);
        this.calls = calls;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        if (!isAuthentic(exchange.getRequestHeaders().getFirst(Headers.AUTHORIZATION))) {
            // Before the body is read: a caller without the secret gets no memory.
            exchange.setStatusCode(StatusCodes.UNAUTHORIZED);
            exchange.setPersistent(false);
            exchange.endExchange();
            return;
        }
        Peer.admitted(exchange);
        Receiver receiver = exchange.getRequestReceiver();
        receiver.setMaxBufferSize(BODY_BYTES_MAX);
        receiver.receiveFullBytes(this::dispatch, (failed, error) -> {
            failed.setPersistent(false);
            failed.setStatusCode(StatusCodes.REQUEST_ENTITY_TOO_LARGE);
            failed.endExchange();
        });
    }

    private void dispatch(HttpServerExchange exchange, byte[] body) {
        if (!places.tryAcquire()) {
            status(StatusCodes.SERVICE_UNAVAILABLE).send(exchange);
            return;
        }
        exchange.dispatch(blocking, () -> {
            HttpAnswer answer;
            try {
                answer = calls.answer(exchange, body);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                answer = status(StatusCodes.SERVICE_UNAVAILABLE);
            } catch (RuntimeException e) {
                LOG.error("{} {} failed", exchange.getRequestMethod(), exchange.getRequestPath(), e);
                answer = status(StatusCodes.SERVICE_UNAVAILABLE);
            } finally {
                places.release();
            }
            answer.send(exchange);
        });
    }

    /// An answer without a body.
    static HttpAnswer status(int status) {
        return HttpAnswer.of(status, new byte[0]);
    }

    private boolean isAuthentic(@Nullable String authorization) {
        return authorization != null && MessageDigest.isEqual(secret, authorization.getBytes(StandardCharsets.UTF_8));
    }
}

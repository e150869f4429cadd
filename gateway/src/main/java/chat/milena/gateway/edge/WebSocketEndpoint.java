package chat.milena.gateway.edge;

import chat.milena.gateway.session.FrameMeters;
import chat.milena.protocol.frame.CloseCode;
import chat.milena.runtime.http.HttpAnswer;
import chat.milena.runtime.http.Peer;
import chat.milena.runtime.http.TrustedProxies;
import chat.milena.runtime.limit.RateLimiter.Answer;
import chat.milena.runtime.limit.RateLimiter.Refused;
import chat.milena.runtime.token.InvalidTokenException;
import chat.milena.runtime.token.TokenKeysUnavailableException;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ErrorCode;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import io.undertow.websockets.WebSocketConnectionCallback;
import io.undertow.websockets.WebSocketProtocolHandshakeHandler;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.spi.WebSocketHttpExchange;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `/ws`: admits clients, in this order: rate of the address, token, rate of the gateway, upgrade, place, shard,
/// then `connected`. A bad token is answered after the upgrade, since a browser cannot see an HTTP status; it
/// takes nothing from the rate of the gateway.
///
/// Tokens are checked and shards awaited on virtual threads; nothing is read from the client until it is admitted.
public final class WebSocketEndpoint implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketEndpoint.class);
    private static final AttachmentKey<Checked> CHECKED = AttachmentKey.create(Checked.class);

    /// Clients over the rate of their address whose tokens are checked at the same time, since some tokens are
    /// exempt; further ones are rejected unchecked.
    private static final int CHECKS_MAX = 64;

    private final Admission admission;
    private final ConnectionOpener opener;
    private final IncomingFrames incoming;
    private final Duration closeTimeout;
    private final FrameMeters meters;
    private final Semaphore checks = new Semaphore(CHECKS_MAX);
    private final WireFrames wireFrames = new WireFrames();
    private final HttpHandler handshake;

    /// The result of checking a token.
    private sealed interface Checked {}

    private record Good(VerifiedToken token) implements Checked {}

    private record Bad(CloseCode code) implements Checked {}

    public WebSocketEndpoint(
            Admission admission,
            ConnectionOpener opener,
            IncomingFrames incoming,
            Duration closeTimeout,
            FrameMeters meters) {
        this.admission = admission;
        this.opener = opener;
        this.incoming = incoming;
        this.closeTimeout = closeTimeout;
        this.meters = meters;
        // As a variable, for the cast that selects one of the overloaded constructors.
        WebSocketConnectionCallback callback = this::upgraded;
        this.handshake = new WebSocketProtocolHandshakeHandler(
                List.of(new ClientChannel.Handshake(Set.of(OfferedToken.SUBPROTOCOL))),
                callback,
                WebSocketEndpoint::notAnUpgrade);
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        if (!asksForAnUpgrade(exchange)) {
            notAnUpgrade(exchange);
            return;
        }
        if (!HttpAdmission.hasGoodDevice(exchange)) {
            HttpAdmission.BAD_DEVICE.send(exchange);
        } else if (admission.places().isFull()) {
            HttpAnswer.error(ErrorCode.UNAVAILABLE, "too many connections").send(exchange);
        } else {
            Answer ofAddress = admission.rates().takeAddress(TrustedProxies.client(exchange));
            if (ofAddress instanceof Refused refused && !checks.tryAcquire()) {
                HttpAnswer.rateLimited(refused).send(exchange);
            } else {
                exchange.dispatch(admission.blocking(), dispatched -> check(dispatched, ofAddress));
            }
        }
    }

    private void check(HttpServerExchange exchange, Answer ofAddress) {
        Checked checked;
        try {
            checked = checked(exchange);
        } finally {
            if (ofAddress instanceof Refused) {
                checks.release();
            }
        }
        Refused refused = refusal(ofAddress, checked);
        if (refused != null) {
            HttpAnswer.rateLimited(refused).send(exchange);
        } else {
            if (checked instanceof Good) {
                Peer.admitted(exchange);
            }
            exchange.putAttachment(CHECKED, checked);
            exchange.dispatch(exchange.getIoThread(), this::upgrade);
        }
    }

    private Checked checked(HttpServerExchange exchange) {
        String jwt = OfferedToken.of(exchange.getRequestHeaders(), HttpAdmission.parameter(exchange, "token"));
        if (jwt == null) {
            return new Bad(CloseCode.TOKEN_BAD);
        }
        try {
            VerifiedToken token = admission.verifier().verify(jwt);
            String origin = exchange.getRequestHeaders().getFirst(Headers.ORIGIN);
            if (admission.origins().allows(token.tenant(), origin)) {
                return new Good(token);
            }
            LOG.debug("Refused a client of {}: its website is not allowed", token.tenant());
            return new Bad(CloseCode.ORIGIN_REFUSED);
        } catch (InvalidTokenException e) {
            LOG.debug("Refused a client: {}", e.getMessage());
            return new Bad(e.closeCode());
        } catch (TokenKeysUnavailableException e) {
            LOG.debug("Rejected a client: {}", e.getMessage());
            return new Bad(CloseCode.TRY_AGAIN_LATER);
        } catch (RuntimeException e) {
            LOG.error("A token could not be checked", e);
            return new Bad(CloseCode.TRY_AGAIN_LATER);
        }
    }

    private @Nullable Refused refusal(Answer ofAddress, Checked checked) {
        return switch (checked) {
            case Good(var token) when token.unlimitedRate() -> null;
            case Good(var token) ->
                ofAddress instanceof Refused refused
                        ? refused
                        : admission.rates().takeGateway(new UserKey(token.tenant(), token.userId()))
                                        instanceof Refused refused
                                ? refused
                                : null;
            case Bad bad -> ofAddress instanceof Refused refused ? refused : null;
        };
    }

    /// On the I/O thread. Undertow would repeat the address, and with it a token, in a header of old drafts.
    private void upgrade(HttpServerExchange exchange) throws Exception {
        OfferedToken.join(exchange.getRequestHeaders());
        exchange.addResponseCommitListener(
                answer -> answer.getResponseHeaders().remove(Headers.SEC_WEB_SOCKET_LOCATION));
        handshake.handleRequest(exchange);
    }

    /// Undertow checks only the other headers of a handshake, and then fails to upgrade.
    private static boolean asksForAnUpgrade(HttpServerExchange exchange) {
        String upgrade = exchange.getRequestHeaders().getFirst(Headers.UPGRADE);
        return "websocket".equalsIgnoreCase(upgrade)
                && exchange.getRequestMethod().equals(Methods.GET)
                && exchange.isHttp11()
                && exchange.isRequestComplete();
    }

    private static void notAnUpgrade(HttpServerExchange exchange) {
        HttpAnswer.error(StatusCodes.BAD_REQUEST, ErrorCode.INVALID_REQUEST, "must be a WebSocket upgrade")
                .send(exchange);
    }

    /// On the I/O thread.
    private void upgraded(WebSocketHttpExchange exchange, WebSocketChannel upgraded) {
        // The handshake makes no others.
        ClientChannel channel = (ClientChannel) upgraded;
        UndertowSocket socket = new UndertowSocket(channel, wireFrames, closeTimeout);
        ClientSession session = new ClientSession(channel, socket, incoming);
        channel.getReceiveSetter().set(session);
        channel.onPart(session::part);
        channel.addCloseTask(closed -> {
            session.closed();
            meters.closed(closed.getCloseCode(), closed.getCloseReason(), closed.isCloseInitiatedByRemotePeer());
        });
        switch (exchange.getAttachment(CHECKED)) {
            case Bad(var code) -> session.refuse(code);
            case Good(var token) -> {
                String deviceId = first(exchange.getRequestParameters().get(HttpAdmission.DEVICE));
                String resume = first(exchange.getRequestParameters().get("resume"));
                admission.blocking().execute(() -> admit(session, token, deviceId, resume));
            }
        }
    }

    private static @Nullable String first(@Nullable List<String> values) {
        return values == null || values.isEmpty() ? null : values.getFirst();
    }

    private void admit(ClientSession session, VerifiedToken token, @Nullable String deviceId, @Nullable String resume) {
        try {
            connect(session, admission.places().take(token, deviceId), resume);
        } catch (InvalidTokenException e) {
            LOG.debug("Refused a device of {}: {}", token.tenant(), e.getMessage());
            session.refuse(e.closeCode());
        } catch (TokenKeysUnavailableException e) {
            LOG.debug("Rejected a client: {}", e.getMessage());
            session.refuse(CloseCode.TRY_AGAIN_LATER);
        } catch (NoPlaceException e) {
            LOG.debug("Rejected {} of {}: {}", token.userId(), token.tenant(), e.getMessage());
            session.refuse(CloseCode.TRY_AGAIN_LATER);
        } catch (RuntimeException e) {
            LOG.error("A client could not be admitted", e);
            session.refuse(CloseCode.TRY_AGAIN_LATER);
        }
    }

    private void connect(ClientSession session, AdmittedUser admitted, @Nullable String resume) {
        try {
            opener.open(admitted, session.socket(), false, resume, session::open);
        } catch (RuntimeException e) {
            admitted.giveBack().run();
            throw e;
        }
    }
}

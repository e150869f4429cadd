package chat.milena.gateway.server;

import chat.milena.gateway.frame.CloseCode;
import chat.milena.runtime.rate.Allowances.Refused;
import chat.milena.gateway.rest.RestApi;
import chat.milena.runtime.http.HttpAnswer;
import chat.milena.runtime.token.InvalidTokenException;
import chat.milena.runtime.token.TokenKeysUnavailableException;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.word.ErrorCode;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import io.undertow.websockets.WebSocketConnectionCallback;
import io.undertow.websockets.WebSocketProtocolHandshakeHandler;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.spi.WebSocketHttpExchange;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `/ws`: admits clients. Upgrade, token, shard, then `connected`; each failure as the protocol says.
///
/// The token is checked and the shard awaited on a virtual thread, at most one for each admitted connection; until
/// then nothing is read from the client.
final class WebSocketEndpoint implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketEndpoint.class);
    private static final String SUBPROTOCOL = "milena.v1";

    /// Tokens of refused connections that are looked at at once; further connections are refused without a look.
    private static final int CHECKS_MAX = 64;

    private final Admission admission;
    private final Semaphore checks = new Semaphore(CHECKS_MAX);
    private final WireFrames wireFrames = new WireFrames();
    private final HttpHandler handshake;

    WebSocketEndpoint(Admission admission) {
        this.admission = admission;
        // As a variable, for the cast that picks one of the overloaded constructors.
        WebSocketConnectionCallback callback = this::upgraded;
        this.handshake = new WebSocketProtocolHandshakeHandler(
                List.of(new ClientChannel.Handshake(Set.of(SUBPROTOCOL))), callback, WebSocketEndpoint::notAnUpgrade);
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        if (!asksForAnUpgrade(exchange)) {
            notAnUpgrade(exchange);
            return;
        }
        String deviceId = first(exchange.getQueryParameters().get("device_id"));
        if (deviceId != null && !Ids.isValid(deviceId)) {
            HttpAnswer.error(ErrorCode.INVALID_REQUEST, "device_id: must be 1 to 64 of A-Z a-z 0-9 _ . -")
                    .send(exchange);
        } else if (admission.connections().isFull()) {
            HttpAnswer.error(ErrorCode.UNAVAILABLE, "too many connections").send(exchange);
        } else if (admission.rates().take(exchange.getSourceAddress().getAddress()) instanceof Refused refused) {
            refuseUnlessUnlimited(exchange, refused);
        } else {
            upgrade(exchange);
        }
    }

    /// The one way in. Undertow would repeat the address in a head of old drafts, and with it a token.
    private void upgrade(HttpServerExchange exchange) throws Exception {
        exchange.addResponseCommitListener(
                answer -> answer.getResponseHeaders().remove(Headers.SEC_WEB_SOCKET_LOCATION));
        handshake.handleRequest(exchange);
    }

    /// Who is exempt from rates may connect at any rate too; only the token says so, so it is looked at beforehand.
    private void refuseUnlessUnlimited(HttpServerExchange exchange, Refused refused) {
        String token = token(
                exchange.getRequestHeaders().getFirst(Headers.SEC_WEB_SOCKET_PROTOCOL),
                first(exchange.getQueryParameters().get("token")));
        if (token == null || !checks.tryAcquire()) {
            RestApi.rateLimited(refused).send(exchange);
            return;
        }
        exchange.dispatch(admission.blocking(), dispatched -> {
            boolean unlimited;
            try {
                unlimited = isUnlimited(token);
            } finally {
                checks.release();
            }
            if (unlimited) {
                upgrade(dispatched);
            } else {
                RestApi.rateLimited(refused).send(dispatched);
            }
        });
    }

    private boolean isUnlimited(String jwt) {
        try {
            return admission.verifier().verify(jwt).unlimitedRate();
        } catch (InvalidTokenException | TokenKeysUnavailableException e) {
            return false;
        } catch (RuntimeException e) {
            LOG.error("A token could not be checked", e);
            return false;
        }
    }

    /// Undertow looks at the other heads of a handshake only, and then fails to upgrade.
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

    private static @Nullable String first(@Nullable Collection<String> values) {
        return values == null || values.isEmpty() ? null : values.iterator().next();
    }

    /// On the I/O thread.
    private void upgraded(WebSocketHttpExchange exchange, WebSocketChannel upgraded) {
        // The only ones that the handshake makes.
        ClientChannel channel = (ClientChannel) upgraded;
        UndertowSocket socket =
                new UndertowSocket(channel, wireFrames, admission.config().closeTimeout());
        ClientSession session = new ClientSession(channel, socket, admission.receiver(), admission.frameBytesMax());
        channel.getReceiveSetter().set(session);
        channel.onPart(session::part);
        boolean fits = admission.connections().add();
        channel.addCloseTask(closed -> {
            admission.connections().remove();
            session.closed();
        });
        String token = token(
                exchange.getRequestHeader(Headers.SEC_WEB_SOCKET_PROTOCOL_STRING),
                first(exchange.getRequestParameters().get("token")));
        if (token == null) {
            session.refuse(CloseCode.UNAUTHORIZED);
        } else if (!fits) {
            session.refuse(CloseCode.TRY_AGAIN_LATER);
        } else {
            String origin = exchange.getRequestHeader(Headers.ORIGIN_STRING);
            String resume = first(exchange.getRequestParameters().get("resume"));
            admission.blocking().execute(() -> admit(session, token, origin, resume));
        }
    }

    /// From the offered subprotocols, where it stays out of logs, or else from the address.
    private static @Nullable String token(@Nullable String offered, @Nullable String parameter) {
        if (offered != null) {
            for (String protocol : offered.split(",", -1)) {
                String name = protocol.strip();
                if (!name.isEmpty() && !name.equals(SUBPROTOCOL)) {
                    return name;
                }
            }
        }
        return parameter;
    }

    private void admit(ClientSession session, String jwt, @Nullable String origin, @Nullable String resume) {
        VerifiedToken token;
        try {
            token = admission.verifier().verify(jwt);
        } catch (InvalidTokenException e) {
            LOG.debug("Refused a client: {}", e.getMessage());
            session.refuse(CloseCode.UNAUTHORIZED);
            return;
        } catch (TokenKeysUnavailableException e) {
            LOG.debug("Turned a client away: {}", e.getMessage());
            session.refuse(CloseCode.TRY_AGAIN_LATER);
            return;
        } catch (RuntimeException e) {
            LOG.error("A token could not be checked", e);
            session.refuse(CloseCode.TRY_AGAIN_LATER);
            return;
        }
        if (!admission.origins().allows(token.tenant(), origin)) {
            LOG.debug("Refused a client of {}: it comes from a website that is not allowed", token.tenant());
            session.refuse(CloseCode.UNAUTHORIZED);
            return;
        }
        try {
            connect(session, admission.place(token, () -> {}), resume);
        } catch (NoPlaceException e) {
            LOG.debug("Turned {} of {} away: {}", token.userId(), token.tenant(), e.getMessage());
            session.refuse(CloseCode.TRY_AGAIN_LATER);
        } catch (RuntimeException e) {
            LOG.error("A client could not be admitted", e);
            session.refuse(CloseCode.TRY_AGAIN_LATER);
        }
    }

    private void connect(ClientSession session, Guest guest, @Nullable String resume) {
        try {
            admission.connect(guest, session.socket(), false, resume, session::open);
        } catch (RuntimeException e) {
            guest.giveBack().run();
            throw e;
        }
    }
}

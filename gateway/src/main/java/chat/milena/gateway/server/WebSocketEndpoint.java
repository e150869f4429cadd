package chat.milena.gateway.server;

import chat.milena.gateway.connection.Connection;
import chat.milena.gateway.connection.ConnectionConfig;
import chat.milena.gateway.connection.ConnectionRegistry;
import chat.milena.gateway.connection.ConnectionShares;
import chat.milena.gateway.connection.FrameReceiver;
import chat.milena.gateway.connection.Prelude;
import chat.milena.gateway.connection.TokenLife;
import chat.milena.gateway.connection.Wire;
import chat.milena.gateway.delivery.Shards;
import chat.milena.gateway.frame.CloseCode;
import chat.milena.gateway.frame.ServerFrames;
import chat.milena.gateway.resume.Resumes;
import chat.milena.gateway.inbound.Allowances.Refused;
import chat.milena.runtime.http.AllowedOrigins;
import chat.milena.gateway.rest.RestApi;
import chat.milena.runtime.http.HttpAnswer;
import chat.milena.runtime.token.InvalidTokenException;
import chat.milena.runtime.token.TokenKeysUnavailableException;
import chat.milena.runtime.token.TokenVerifier;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ErrorCode;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import io.undertow.websockets.WebSocketConnectionCallback;
import io.undertow.websockets.WebSocketProtocolHandshakeHandler;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.protocol.version13.Hybi13Handshake;
import io.undertow.websockets.spi.WebSocketHttpExchange;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
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
    private static final Duration SHARD_WITHIN = Duration.ofSeconds(10);

    /// Tokens of refused connections that are looked at at once; further connections are refused without a look.
    private static final int CHECKS_MAX = 64;

    private static final int ID_BYTES = 12;

    private final Admission admission;
    private final Semaphore checks = new Semaphore(CHECKS_MAX);
    private final HttpHandler handshake;

    /// What connections are made with.
    ///
    /// @param connections beyond their number clients are asked to come back later
    /// @param shardCount how many shards users are spread over
    record Admission(
            ConnectionConfig config,
            OpenConnections connections,
            int frameBytesMax,
            ConnectionRates rates,
            AllowedOrigins origins,
            ConnectionRegistry registry,
            ConnectionShares shares,
            Connection.Shared shared,
            Shards shards,
            int shardCount,
            Resumes resumes,
            FrameReceiver receiver,
            TokenVerifier verifier,
            Executor blocking,
            Clock clock) {
        private static final SecureRandom RANDOM = new SecureRandom();

        /// An id that nobody can guess.
        String connectionId() {
            byte[] id = new byte[ID_BYTES];
            RANDOM.nextBytes(id);
            return "conn_" + HexFormat.of().formatHex(id);
        }
    }

    WebSocketEndpoint(Admission admission) {
        this.admission = admission;
        // As a variable, for the cast that picks one of the overloaded constructors.
        WebSocketConnectionCallback callback = this::upgraded;
        this.handshake = new WebSocketProtocolHandshakeHandler(
                List.of(new Hybi13Handshake(Set.of(SUBPROTOCOL), false)), callback, WebSocketEndpoint::notAnUpgrade);
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
    private void upgraded(WebSocketHttpExchange exchange, WebSocketChannel channel) {
        UndertowSocket socket = new UndertowSocket(channel, admission.config().closeTimeout());
        ClientSession session =
                new ClientSession(channel, socket, admission.receiver(), admission.clock(), admission.frameBytesMax());
        channel.getReceiveSetter().set(session);
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
        UserKey user = new UserKey(token.tenant(), token.userId());
        if (!admission.shares().take(user)) {
            LOG.debug("Turned {} of {} away: too many connections", token.userId(), token.tenant());
            session.refuse(CloseCode.TRY_AGAIN_LATER);
            return;
        }
        Runnable giveShareBack = once(() -> admission.shares().giveBack(user));
        try {
            awaitShard(session, token, giveShareBack, resume);
        } catch (RuntimeException e) {
            LOG.error("A client could not be admitted", e);
            giveShareBack.run();
            session.refuse(CloseCode.TRY_AGAIN_LATER);
        }
    }

    private void awaitShard(
            ClientSession session, VerifiedToken token, Runnable giveShareBack, @Nullable String resume) {
        UserKey user = new UserKey(token.tenant(), token.userId());
        Shards.Lease lease =
                admission.shards().acquire(user.shard(admission.shardCount()).shard());
        Runnable giveBack = () -> {
            giveShareBack.run();
            lease.release();
        };
        try {
            lease.ready().get(SHARD_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            connect(session, token, giveBack, resume);
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            LOG.warn("A client was turned away: its shard cannot be read: {}", e.toString());
            giveBack.run();
            session.refuse(CloseCode.TRY_AGAIN_LATER);
        } catch (RuntimeException e) {
            giveBack.run();
            throw e;
        }
    }

    private void connect(ClientSession session, VerifiedToken token, Runnable giveBack, @Nullable String resume) {
        Instant now = admission.clock().instant();
        ConnectionConfig config = admission.config();
        UserKey user = new UserKey(token.tenant(), token.userId());
        Connection connection = new Connection(
                admission.connectionId(),
                new TokenLife(now, token, config.tokenWarning()),
                session.socket(),
                config,
                admission.shared(),
                new Wire(admission.resumes().points(user), false));
        Runnable end = once(() -> end(connection, giveBack));
        Prelude first = null;
        try {
            Resumes.Begun begun = admission.resumes().begin(user, resume, offset -> {
                connection.liveFrom(offset);
                admission.registry().add(connection);
            });
            first = begun.frames(ServerFrames.connected(
                    connection.connectionId(), now, config.heartbeatInterval(), begun.token(), begun.resumed()));
            admission.receiver().opened(connection);
            if (session.open(connection, end)) {
                LOG.debug("Connection {} is {} of {}", connection.connectionId(), token.userId(), token.tenant());
                connection.open(first);
            } else {
                first.discard();
            }
        } catch (RuntimeException e) {
            if (first != null) {
                first.discard();
            }
            end.run();
            throw e;
        }
    }

    private void end(Connection connection, Runnable giveBack) {
        try {
            admission.receiver().closed(connection);
        } finally {
            admission.registry().remove(connection);
            giveBack.run();
        }
    }

    private static Runnable once(Runnable task) {
        AtomicBoolean done = new AtomicBoolean();
        return () -> {
            if (done.compareAndSet(false, true)) {
                task.run();
            }
        };
    }
}

package chat.milena.gateway.connection;

import chat.milena.gateway.frame.ClientFrame;
import chat.milena.gateway.frame.ClientFrame.Heartbeat;
import chat.milena.gateway.frame.ClientFrame.Live;
import chat.milena.gateway.frame.ClientFrame.Malformed;
import chat.milena.gateway.frame.ClientFrame.MessageSend;
import chat.milena.gateway.frame.ClientFrame.Receipt;
import chat.milena.gateway.frame.ClientFrame.Rejected;
import chat.milena.gateway.frame.ClientFrame.Sync;
import chat.milena.gateway.frame.ClientFrame.TokenRefresh;
import chat.milena.gateway.frame.FrameCodec;
import chat.milena.gateway.frame.ServerFrame;
import chat.milena.gateway.frame.ServerFrames;
import chat.milena.gateway.inbound.Caller;
import chat.milena.gateway.inbound.CommandFactory;
import chat.milena.gateway.inbound.CommandLog;
import chat.milena.gateway.inbound.CommandLog.When;
import chat.milena.gateway.inbound.GuardedLog;
import chat.milena.runtime.rate.Allowances.Allowed;
import chat.milena.runtime.rate.Allowances.Refused;
import chat.milena.gateway.rate.CommandRates;
import chat.milena.runtime.time.Ticker;
import chat.milena.runtime.token.InvalidTokenException;
import chat.milena.runtime.token.TokenKeysUnavailableException;
import chat.milena.runtime.token.TokenVerifier;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ErrorCode;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// What happens with a frame that came in: decoded, then appended, answered or refused. It runs on the connection's
/// I/O thread and never blocks; only the check of a new token runs elsewhere, one at a time for a connection.
///
/// Frames that come in on a connection that is being closed are passed over: their answers could not be told. Frames
/// beyond the connection's rate are refused unread, pings unanswered; each costs no more than that.
public final class FrameReceiver {
    private static final Duration RETRY_SOON = Duration.ofSeconds(1);

    /// An operator must make room first.
    static final Duration RETRY_WITHOUT_ROOM = Duration.ofSeconds(30);

    private final FrameCodec codec;
    private final CommandFactory commands;
    private final CommandRates rates;
    private final CommandLog log;
    private final ReceiptSender receipts;
    private final SyncHandler syncs;
    private final LiveReceiver live;
    private final TokenVerifier verifier;
    private final Executor blocking;
    private final Clock clock;
    private final Ticker ticker;

    /// @param blocking runs what may wait for the network
    /// @param ticker what its connections go by
    public FrameReceiver(
            FrameCodec codec,
            CommandFactory commands,
            CommandRates rates,
            CommandLog log,
            ReceiptSender receipts,
            SyncHandler syncs,
            LiveReceiver live,
            TokenVerifier verifier,
            Executor blocking,
            Clock clock,
            Ticker ticker) {
        this.codec = codec;
        this.commands = commands;
        this.rates = rates;
        this.log = log;
        this.receipts = receipts;
        this.syncs = syncs;
        this.live = live;
        this.verifier = verifier;
        this.blocking = blocking;
        this.clock = clock;
        this.ticker = ticker;
    }

    /// The head of a text or binary frame; all of it must come in time.
    public void began(Connection connection) {
        connection.frameBegan(ticker.millis());
    }

    /// A further part of a frame, which counts like a frame.
    public void receivePart(Connection connection) {
        isWelcome(connection, ticker.millis());
    }

    /// A text frame.
    public void receive(Connection connection, String text) {
        long nowMillis = ticker.millis();
        connection.frameEnded();
        if (isWelcome(connection, nowMillis)) {
            handle(connection, codec.decode(text, clock.instant()), nowMillis);
        }
    }

    /// A binary frame, which no client has a reason to send.
    public void receiveBinary(Connection connection) {
        long nowMillis = ticker.millis();
        connection.frameEnded();
        if (isWelcome(connection, nowMillis)) {
            handle(connection, new Malformed("binary frames are not read"), nowMillis);
        }
    }

    /// A ping.
    public void receivePing(Connection connection, ByteBuffer payload) {
        long nowMillis = ticker.millis();
        if (isWelcome(connection, nowMillis)) {
            connection.heard(nowMillis);
            connection.pong(payload);
        }
    }

    /// A pong, which nobody asked for: it says that the client lives.
    public void receivePong(Connection connection) {
        long nowMillis = ticker.millis();
        if (isWelcome(connection, nowMillis)) {
            connection.heard(nowMillis);
        }
    }

    private static boolean isWelcome(Connection connection, long nowMillis) {
        if (connection.isClosing()) {
            return false;
        }
        boolean allowed = connection.mayCome(nowMillis);
        if (!allowed) {
            connection.shared().frames().refused();
            refuse(connection, null, "too many frames", RETRY_SOON, nowMillis);
        }
        return allowed;
    }

    /// The connection is registered; its frames come after this.
    public void opened(Connection connection) {
        live.opened(connection);
    }

    /// The connection's socket is gone; what its client said last still counts.
    public void closed(Connection connection) {
        receipts.closing(connection);
        live.closed(connection);
    }

    /// A user is there without a connection.
    ///
    /// @return to be run once, when that is over
    public Runnable present(UserKey user) {
        return live.present(user);
    }

    private void handle(Connection connection, ClientFrame frame, long nowMillis) {
        connection.heard(nowMillis);
        connection.shared().frames().received(frame);
        switch (frame) {
            case MessageSend send -> append(connection, send, nowMillis);
            case Receipt receipt -> receipts.receive(connection, receipt, nowMillis);
            case Sync sync -> {
                if (!syncs.answers(connection, sync)) {
                    // No strike: how long the first one takes is not the client's doing.
                    connection.send(ServerFrames.error(
                            sync.id(), ErrorCode.RATE_LIMITED, "another sync is under way", RETRY_SOON));
                }
            }
            case Live frameNow -> receiveLive(connection, frameNow, nowMillis);
            case Heartbeat(var id) ->
                connection.send(ServerFrames.heartbeat(id, clock.instant(), connection.resumeToken()));
            case TokenRefresh refresh -> refresh(connection, refresh);
            case Rejected(var id, var code, var reason) -> connection.send(ServerFrames.error(id, code, reason));
            case Malformed(var reason) -> {
                connection.send(ServerFrames.error(null, ErrorCode.INVALID_REQUEST, reason));
                connection.strikeMalformed(nowMillis);
            }
        }
    }

    private void receiveLive(Connection connection, Live frame, long nowMillis) {
        if (connection.mayBeLive(nowMillis)) {
            live.receive(connection, frame);
        } else {
            refuse(connection, frame.id(), "too many frames of presence and typing", RETRY_SOON, nowMillis);
        }
    }

    private void append(Connection connection, MessageSend send, long nowMillis) {
        if (!log.hasRoom()) {
            connection.shared().outcomes().unavailable();
            connection.send(
                    ServerFrames.error(send.id(), ErrorCode.UNAVAILABLE, GuardedLog.NO_ROOM, RETRY_WITHOUT_ROOM));
            return;
        }
        InboundCommand command =
                commands.send(connection.user(), connection.connectionId(), send.conversationId(), send.message());
        long commandId = command.getOrigin().getCommandId();
        long deadlineMillis = nowMillis + connection.config().commandDeadline().toMillis();
        switch (connection.window().open(commandId, send.id(), deadlineMillis)) {
            case FOUND -> appendAtItsRate(connection, send, command, nowMillis);
            case CONNECTION_FULL -> {
                connection.shared().outcomes().rateLimited();
                refuse(connection, send.id(), "too many messages without an answer", RETRY_SOON, nowMillis);
            }
            case GATEWAY_FULL -> {
                connection.shared().outcomes().unavailable();
                connection.send(ServerFrames.error(
                        send.id(), ErrorCode.UNAVAILABLE, "too much is waiting for an answer here", RETRY_SOON));
            }
        }
    }

    private void appendAtItsRate(Connection connection, MessageSend send, InboundCommand command, long nowMillis) {
        long commandId = command.getOrigin().getCommandId();
        Caller caller = connection.token().caller();
        switch (rates.take(caller, command)) {
            case Refused refused -> {
                connection.window().close(commandId);
                connection.shared().outcomes().rateLimited();
                Duration retryAfter = Duration.ofSeconds(refused.retryAfterSeconds());
                refuse(connection, send.id(), "rate limit exceeded: " + refused.limit(), retryAfter, nowMillis);
            }
            case Allowed(var after) -> {
                When when = new When(after, connection.config().commandDeadline());
                if (!log.append(command, when, connection::commandFailed)) {
                    rates.giveBack(caller, command);
                    connection.commandFailed(commandId);
                }
            }
        }
    }

    private static void refuse(
            Connection connection, @Nullable String id, String reason, Duration retryAfter, long nowMillis) {
        connection.send(ServerFrames.error(id, ErrorCode.RATE_LIMITED, reason, retryAfter));
        connection.strikeRefused(nowMillis);
    }

    private void refresh(Connection connection, TokenRefresh refresh) {
        if (!connection.beginRefresh()) {
            refuse(connection, refresh.id(), "another token is being checked", RETRY_SOON, ticker.millis());
            return;
        }
        blocking.execute(() -> {
            TokenLife before = connection.token();
            Refreshed refreshed = new Refreshed(before, unavailable(refresh));
            try {
                refreshed = refreshed(connection, refresh);
            } finally {
                // Before its answer: whoever has read that may ask again.
                connection.endRefresh(refreshed.life());
                connection.send(refreshed.answer());
            }
        });
    }

    /// How a refresh ended.
    ///
    /// @param life the token that counts from now on
    private record Refreshed(TokenLife life, ServerFrame answer) {}

    private Refreshed refreshed(Connection connection, TokenRefresh refresh) {
        try {
            VerifiedToken token = verifier.verify(refresh.token());
            if (!connection.user().equals(new UserKey(token.tenant(), token.userId()))) {
                throw new InvalidTokenException("token is another user's");
            }
            TokenLife life = new TokenLife(
                    clock.instant(), ticker.millis(), token, connection.config().tokenWarning());
            return new Refreshed(life, ServerFrames.ok(refresh.id()));
        } catch (InvalidTokenException e) {
            String reason = "payload.token: " + e.getMessage();
            ServerFrame error = ServerFrames.error(refresh.id(), ErrorCode.UNAUTHORIZED, reason);
            return new Refreshed(connection.token(), error);
        } catch (TokenKeysUnavailableException e) {
            return new Refreshed(connection.token(), unavailable(refresh));
        }
    }

    private static ServerFrame unavailable(TokenRefresh refresh) {
        return ServerFrames.error(refresh.id(), ErrorCode.UNAVAILABLE, "the token cannot be checked now", RETRY_SOON);
    }
}

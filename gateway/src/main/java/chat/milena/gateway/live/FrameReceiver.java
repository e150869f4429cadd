package chat.milena.gateway.live;

import chat.milena.gateway.command.CommandFactory;
import chat.milena.gateway.session.Connection;
import chat.milena.gateway.session.FrameMeters;
import chat.milena.protocol.frame.ClientFrame;
import chat.milena.protocol.frame.ClientFrame.Heartbeat;
import chat.milena.protocol.frame.ClientFrame.Live;
import chat.milena.protocol.frame.ClientFrame.Malformed;
import chat.milena.protocol.frame.ClientFrame.MessageChange;
import chat.milena.protocol.frame.ClientFrame.MessageSend;
import chat.milena.protocol.frame.ClientFrame.Receipt;
import chat.milena.protocol.frame.ClientFrame.Rejected;
import chat.milena.protocol.frame.ClientFrame.Sync;
import chat.milena.protocol.frame.ClientFrame.TokenRefresh;
import chat.milena.protocol.frame.FrameCodec;
import chat.milena.protocol.frame.ServerFrames;
import chat.milena.runtime.time.Ticker;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ErrorCode;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Receives the frames of all connections: decodes each and passes it to its handler. It runs on the I/O thread of
/// the connection and never blocks.
///
/// Frames of a closing connection are ignored, since they could not be answered. Frames beyond the rate of the
/// connection are rejected unread, and pings unanswered; each costs no more than that.
public final class FrameReceiver {
    private static final Duration RETRY_SOON = Duration.ofSeconds(1);

    private final FrameCodec codec;
    private final CommandFactory factory;
    private final Handlers handlers;
    private final FrameMeters meters;
    private final Clock clock;
    private final Ticker ticker;

    /// The handlers of frames that need more than an answer.
    public record Handlers(
            FrameCommands commands,
            ReceiptSender receipts,
            SyncHandler syncs,
            LiveReceiver live,
            TokenRefreshes refreshes) {}

    /// @param ticker measures the times of its connections
    public FrameReceiver(
            FrameCodec codec,
            CommandFactory factory,
            Handlers handlers,
            FrameMeters meters,
            Clock clock,
            Ticker ticker) {
        this.codec = codec;
        this.factory = factory;
        this.handlers = handlers;
        this.meters = meters;
        this.clock = clock;
        this.ticker = ticker;
    }

    /// The head of a text or binary frame has come; the rest must come in time.
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

    /// A binary frame; clients have no reason to send one.
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

    /// An unrequested pong: it shows that the client is alive.
    public void receivePong(Connection connection) {
        long nowMillis = ticker.millis();
        if (isWelcome(connection, nowMillis)) {
            connection.heard(nowMillis);
        }
    }

    private boolean isWelcome(Connection connection, long nowMillis) {
        if (connection.isClosing()) {
            return false;
        }
        boolean allowed = connection.mayCome(nowMillis);
        if (!allowed) {
            meters.refused();
            connection.refuse(null, "too many frames", RETRY_SOON, nowMillis);
        }
        return allowed;
    }

    /// The connection is registered; its frames come after this.
    public void opened(Connection connection) {
        handlers.live().opened(connection);
    }

    /// The socket of the connection is gone; earlier frames of its client still count.
    public void closed(Connection connection) {
        handlers.receipts().closing(connection);
        handlers.live().closed(connection);
    }

    /// A user is present without a connection.
    ///
    /// @return run it once, when that is over
    public Runnable present(UserKey user, String connectionId, @Nullable String deviceId) {
        return handlers.live().present(user, connectionId, deviceId);
    }

    private void handle(Connection connection, ClientFrame frame, long nowMillis) {
        connection.heard(nowMillis);
        meters.received(frame);
        switch (frame) {
            case MessageSend send ->
                handlers.commands()
                        .submit(connection, send.id(), command(connection, send), FrameCommands.MESSAGE, nowMillis);
            case MessageChange change ->
                handlers.commands()
                        .submit(connection, change.id(), command(connection, change), FrameCommands.CHANGE, nowMillis);
            case Receipt receipt -> handlers.receipts().receive(connection, receipt, nowMillis);
            case Sync sync -> {
                if (!handlers.syncs().answers(connection, sync)) {
                    // No strike: the client does not decide how long the first one takes.
                    connection.send(ServerFrames.error(
                            sync.id(),
                            ErrorCode.RATE_LIMITED,
                            "another sync is in progress",
                            "one sync at a time",
                            RETRY_SOON));
                }
            }
            case Live frameNow -> receiveLive(connection, frameNow, nowMillis);
            case Heartbeat(var id) ->
                connection.send(ServerFrames.heartbeat(id, clock.instant(), connection.resumeToken()));
            case TokenRefresh refresh -> handlers.refreshes().receive(connection, refresh, nowMillis);
            case Rejected(var id, var code, var reason) -> connection.send(ServerFrames.error(id, code, reason));
            case Malformed(var reason) -> {
                connection.send(ServerFrames.error(null, ErrorCode.INVALID_REQUEST, reason));
                connection.strikeMalformed(nowMillis);
            }
        }
    }

    private void receiveLive(Connection connection, Live frame, long nowMillis) {
        if (connection.mayBeLive(nowMillis)) {
            handlers.live().receive(connection, frame);
        } else {
            connection.refuse(frame.id(), "too many frames of presence and typing", RETRY_SOON, nowMillis);
        }
    }

    private InboundCommand command(Connection connection, MessageSend send) {
        return factory.send(connection.caller(), connection.connectionId(), send.conversationId(), send.message());
    }

    private InboundCommand command(Connection connection, MessageChange change) {
        return factory.change(
                connection.caller(),
                connection.connectionId(),
                change.conversationId(),
                change.kind(),
                change.change());
    }
}

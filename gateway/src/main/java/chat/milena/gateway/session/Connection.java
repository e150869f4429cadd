package chat.milena.gateway.session;

import chat.milena.gateway.command.InFlight;
import chat.milena.gateway.command.InFlight.Places;
import chat.milena.protocol.frame.CloseCode;
import chat.milena.protocol.frame.ServerFrame;
import chat.milena.protocol.frame.ServerFrameType;
import chat.milena.protocol.frame.ServerFrames;
import chat.milena.runtime.limit.Budget;
import chat.milena.runtime.limit.Holder;
import chat.milena.runtime.token.Caller;
import chat.milena.runtime.token.InvalidTokenException;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ErrorCode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// One device of one user, connected: its user, commands in flight, last sign of life, and outbox.
///
/// Frames come in on the I/O thread, outcomes and events on the dispatcher's, time on the sweeper's; safe for all
/// of them. It ends once: by [#closed()], whatever closed the socket.
public final class Connection {
    private static final long NONE = -1;

    private final String connectionId;
    private final @Nullable String deviceId;
    private final UserKey user;
    private final Holder holder;
    private final Outbox outbox;
    private final InFlight inFlight = new InFlight();
    private final Places commandPlaces;
    private final Places receiptPlaces;
    private final FrameAllowance frames;
    private final FrameAllowance liveFrames;
    private final ReceiptWindow receipts;
    private final StrikeCounter malformed;
    private final StrikeCounter refused;
    private final ConnectionConfig config;
    private final Shared shared;
    private final AtomicBoolean refreshing = new AtomicBoolean();
    private final AtomicBoolean syncing = new AtomicBoolean();
    private final AtomicBoolean bansChanged = new AtomicBoolean();
    private volatile TokenLife token;
    private volatile TokenCheck tokenCheck = later -> {};
    private volatile long lastHeardMillis;
    private volatile long frameBeganMillis = NONE;
    private final FrameFormat wire;
    private volatile long liveFromOffset;

    /// Whether the device of a connection may use a token.
    @FunctionalInterface
    public interface TokenCheck {
        /// Returns if it may.
        void check(VerifiedToken token) throws InvalidTokenException;
    }

    /// Shared by all connections of a gateway.
    ///
    /// @param commands the budget of commands without an outcome
    public record Shared(FrameMeters frames, Budget commands, OutboxBudget outboxes) {
        /// With only the bound of each outbox.
        public Shared(FrameMeters frames, Budget commands) {
            this(frames, commands, OutboxBudget.unbounded());
        }
    }

    public Connection(
            String connectionId, TokenLife token, ClientSocket socket, ConnectionConfig config, Shared shared) {
        this(connectionId, token, socket, config, shared, FrameFormat.PLAIN);
    }

    /// Without a device.
    /// @param wire how its frames are written, and its resume points
    public Connection(
            String connectionId,
            TokenLife token,
            ClientSocket socket,
            ConnectionConfig config,
            Shared shared,
            FrameFormat wire) {
        this(connectionId, null, token, socket, config, shared, wire);
    }

    /// @param deviceId null for a connection without one
    /// @param wire how its frames are written, and its resume points
    public Connection(
            String connectionId,
            @Nullable String deviceId,
            TokenLife token,
            ClientSocket socket,
            ConnectionConfig config,
            Shared shared,
            FrameFormat wire) {
        this.connectionId = connectionId;
        this.deviceId = deviceId;
        this.user = token.caller().user();
        this.holder = Holder.of(user);
        this.token = token;
        this.config = config;
        this.shared = shared;
        this.wire = wire;
        this.outbox = new Outbox(
                socket, config.outbox(), shared.outboxes().share(holder), shared.frames()::overflowed, this::formed);
        this.commandPlaces = inFlight.places(config.commands().windowMax(), holder, shared.commands());
        this.receiptPlaces = inFlight.places(config.commands().receipts().inFlightMax());
        this.frames = new FrameAllowance(config.frames().perSecond());
        this.liveFrames = new FrameAllowance(config.frames().livePerSecond());
        this.receipts = new ReceiptWindow(config.commands().receipts().heldMax());
        this.malformed = new StrikeCounter(config.frames().malformedMax());
        this.refused = new StrikeCounter(config.frames().refusedMax());
        this.lastHeardMillis = token.acceptedMillis();
    }

    public String connectionId() {
        return connectionId;
    }

    /// The device that it belongs to; null for a connection without one.
    public @Nullable String deviceId() {
        return deviceId;
    }

    public UserKey user() {
        return user;
    }

    /// The holder of its share of each budget.
    public Holder holder() {
        return holder;
    }

    /// Lets queued frames be written. A connection is registered first, so that the client misses nothing that
    /// commits after its first frame.
    public void open() {
        outbox.open();
    }

    /// Same as [#open()].
    ///
    /// @param first written before the queued frames
    public void open(InitialFrames first) {
        outbox.open(new InitialFrames() {
            @Override
            public @Nullable ServerFrame next() {
                ServerFrame frame = first.next();
                if (frame != null) {
                    shared.frames().sent(frame);
                }
                return frame;
            }

            @Override
            public void discard() {
                first.discard();
            }
        });
    }

    /// Deliveries before this offset of the user's shard are not for this connection: the replay sends them. Set
    /// before it is registered.
    public void liveFrom(long offset) {
        liveFromOffset = offset;
    }

    public long liveFromOffset() {
        return liveFromOffset;
    }

    /// A token that covers all frames sent to this connection so far; null if frames were dropped and the client
    /// does not know it yet.
    @Nullable
    public String resumeToken() {
        // In this order, so that a drop before the position was taken is seen.
        String token = wire.points().token();
        return outbox.isWhole() ? token : null;
    }

    private ServerFrame formed(ServerFrame frame) {
        return wire.events() ? frame.asEvent(resumeToken()) : frame;
    }

    /// Queues a frame for this device.
    public void send(ServerFrame frame) {
        shared.frames().sent(frame);
        outbox.send(formed(frame));
    }

    /// Runs a task once all queued frames are written; never, if the connection ends before. One task at most.
    public void whenWritten(Runnable task) {
        outbox.whenWritten(task);
    }

    /// Queues the frame of the delivery at this offset of the user's shard; without slices it is written immediately.
    public void send(ServerFrame frame, long offset, @Nullable WriteSlices slices) {
        if (frame.type() == ServerFrameType.BAN_UPDATED) {
            synchronized (bansChanged) {
                bansChanged.set(true);
            }
        }
        shared.frames().sent(frame);
        if (wire.events()) {
            String token = wire.points().tokenAfter(offset);
            outbox.send(frame.asEvent(outbox.isWhole() ? token : null), slices);
        } else {
            outbox.send(frame, slices);
        }
    }

    /// Queues bans that held when they were read; none if a later change was queued meanwhile.
    public void sendBans(Iterable<ServerFrame> held) {
        synchronized (bansChanged) {
            if (!bansChanged.get()) {
                held.forEach(this::send);
            }
        }
    }

    /// Writes a comment to a stream of events, with a resume token; a socket that has taken earlier frames shows
    /// that the client is alive. While the client does not read, nothing is added.
    public void keepAlive(long nowMillis) {
        if (outbox.bytes() == 0) {
            heard(nowMillis);
            outbox.send(ServerFrame.comment(resumeToken()));
        }
    }

    /// Closes after the queued frames.
    public void close(CloseCode code) {
        outbox.close(code);
    }

    /// Whether nothing is sent to the client any longer.
    public boolean isClosing() {
        return outbox.isClosing();
    }

    /// The maximum size of a frame now.
    public int outboxBound() {
        return outbox.bound();
    }

    /// The maximum size of a frame that waits for the client to read.
    public int outboxBytesMax() {
        return config.outbox().bytesMax();
    }

    public ReceiptWindow receipts() {
        return receipts;
    }

    /// Its commands without an outcome, of all kinds.
    public InFlight inFlight() {
        return inFlight;
    }

    /// Places for all commands except receipts.
    public Places commandPlaces() {
        return commandPlaces;
    }

    public Places receiptPlaces() {
        return receiptPlaces;
    }

    /// How long an outcome may take.
    public Duration commandDeadline() {
        return config.commands().deadline();
    }

    /// Counts a frame that came in, of any kind; on the I/O thread. Frames of a user whose token exempts them from
    /// rates are not counted.
    ///
    /// @return false if it is one too many
    public boolean mayCome(long nowMillis) {
        return token.caller().unlimitedRate() || frames.take(nowMillis);
    }

    /// Counts a frame of presence or typing, which have an allowance of their own; on the I/O thread.
    ///
    /// @return false if it is one too many
    public boolean mayBeLive(long nowMillis) {
        return token.caller().unlimitedRate() || liveFrames.take(nowMillis);
    }

    /// Counts a malformed frame; too many of them close the connection.
    public void strikeMalformed(long nowMillis) {
        if (malformed.strike(nowMillis)) {
            close(CloseCode.MALFORMED_FRAMES);
        }
    }

    /// Rejects a frame for its rate; on the I/O thread. Too many of them close the connection.
    ///
    /// @param id the frame's request id
    public void refuse(@Nullable String id, String reason, Duration retryAfter, long nowMillis) {
        refuse(id, reason, reason, retryAfter, nowMillis);
    }

    /// As above.
    ///
    /// @param limit in words
    public void refuse(@Nullable String id, String reason, String limit, Duration retryAfter, long nowMillis) {
        send(ServerFrames.error(id, ErrorCode.RATE_LIMITED, reason, limit, retryAfter));
        if (refused.strike(nowMillis)) {
            close(CloseCode.RATE_LIMIT_IGNORED);
        }
    }

    /// The client is alive: it sent something.
    public void heard(long nowMillis) {
        lastHeardMillis = nowMillis;
    }

    /// A frame has started to come in.
    public void frameBegan(long nowMillis) {
        frameBeganMillis = nowMillis;
    }

    /// The whole frame has come.
    public void frameEnded() {
        frameBeganMillis = NONE;
    }

    private boolean isFrameLate(long nowMillis) {
        long began = frameBeganMillis;
        return began != NONE
                && nowMillis - began >= config.liveness().frameWithin().toMillis();
    }

    /// Answers a ping; on the I/O thread.
    public void pong(ByteBuffer payload) {
        outbox.pong(payload);
    }

    /// Claims the one sync that may be in progress.
    public boolean beginSync() {
        return syncing.compareAndSet(false, true);
    }

    /// A sync is over.
    public void endSync() {
        syncing.set(false);
    }

    /// Sets the check of its later tokens, before it is registered.
    public void checkTokens(TokenCheck check) {
        tokenCheck = check;
    }

    /// Checks a later token of its user.
    public void checkDevice(VerifiedToken later) throws InvalidTokenException {
        tokenCheck.check(later);
    }

    /// Claims the one token refresh that may be in progress.
    public boolean beginRefresh() {
        return refreshing.compareAndSet(false, true);
    }

    /// A refresh is over, with the token that counts from now on.
    public void endRefresh(TokenLife renewed) {
        token = renewed;
        refreshing.set(false);
    }

    /// The caller of its commands, from its present token.
    public Caller caller() {
        return token.caller();
    }

    public TokenLife token() {
        return token;
    }

    /// Handles what is due: warnings, deadlines, ends.
    public void sweep(long nowMillis) {
        TokenLife life = token;
        if (nowMillis - lastHeardMillis >= config.liveness().silenceMax().toMillis()) {
            close(CloseCode.SILENT);
        } else if (isFrameLate(nowMillis)) {
            close(CloseCode.MALFORMED_FRAMES);
        } else if (life.isOver(nowMillis)) {
            close(CloseCode.TOKEN_EXPIRED);
        } else if (life.warns(nowMillis)) {
            send(ServerFrames.tokenExpiring(life.expiresAt()));
        }
        outbox.makeRoom();
        inFlight.expire(nowMillis);
    }

    /// The socket is gone: nothing is sent any longer.
    void closed() {
        outbox.discard();
        inFlight.discard();
        receipts.discard();
    }
}

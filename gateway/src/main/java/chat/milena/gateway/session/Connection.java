package chat.milena.gateway.session;

import chat.milena.gateway.command.InFlight;
import chat.milena.gateway.command.InFlight.Places;
import chat.milena.protocol.frame.CloseCode;
import chat.milena.protocol.frame.ServerFrame;
import chat.milena.protocol.frame.ServerFrames;
import chat.milena.runtime.limit.Budget;
import chat.milena.runtime.limit.Holder;
import chat.milena.runtime.token.Caller;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ErrorCode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// One device of one user, connected: who it is, what it has in flight, when it was last heard, and its outbox.
///
/// Frames come in on the I/O thread, outcomes and events on the dispatcher's, time on the sweeper's; safe for all of
/// them. It ends once: by [#closed()], whatever closed the socket.
public final class Connection {
    private static final long NONE = -1;

    private final String connectionId;
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
    private volatile TokenLife token;
    private volatile long lastHeardMillis;
    private volatile long frameBeganMillis = NONE;
    private final FrameFormat wire;
    private volatile long liveFromOffset;

    /// What all connections of a gateway have in common.
    ///
    /// @param commands commands that have no outcome yet
    public record Shared(FrameMeters frames, Budget commands, OutboxBudget outboxes) {
        /// With no more than each outbox's own bound.
        public Shared(FrameMeters frames, Budget commands) {
            this(frames, commands, OutboxBudget.unbounded());
        }
    }

    public Connection(
            String connectionId, TokenLife token, ClientSocket socket, ConnectionConfig config, Shared shared) {
        this(connectionId, token, socket, config, shared, FrameFormat.PLAIN);
    }

    /// @param wire how its frames are written, and where they could be gone on from
    public Connection(
            String connectionId,
            TokenLife token,
            ClientSocket socket,
            ConnectionConfig config,
            Shared shared,
            FrameFormat wire) {
        this.connectionId = connectionId;
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

    public UserKey user() {
        return user;
    }

    /// Whose part of each budget it uses.
    public Holder holder() {
        return holder;
    }

    /// Lets queued frames go. A connection is registered first, so that the client misses nothing that is committed
    /// after its first frame.
    public void open() {
        outbox.open();
    }

    /// As [#open()].
    ///
    /// @param first written before all that was queued
    public void open(InitialFrames first) {
        outbox.open(new InitialFrames() {
            @Override
            public @Nullable ServerFrame next() {
                ServerFrame frame = first.next();
                if (frame != null) {
                    shared.frames().sent(frame.type());
                }
                return frame;
            }

            @Override
            public void discard() {
                first.discard();
            }
        });
    }

    /// Deliveries before this offset of the user's shard are not for this connection: it has them by another way. Set
    /// before it is registered.
    public void liveFrom(long offset) {
        liveFromOffset = offset;
    }

    public long liveFromOffset() {
        return liveFromOffset;
    }

    /// A token that stands for all frames sent to this connection so far; null if frames were dropped of which the
    /// client does not know yet.
    @Nullable
    public String resumeToken() {
        // In this order: what is dropped before the position was taken is seen.
        String token = wire.points().token();
        return outbox.isWhole() ? token : null;
    }

    private ServerFrame formed(ServerFrame frame) {
        return wire.events() ? frame.asEvent(resumeToken()) : frame;
    }

    /// Queues a frame for this device.
    public void send(ServerFrame frame) {
        shared.frames().sent(frame.type());
        outbox.send(formed(frame));
    }

    /// Queues the frame of the delivery at this offset of the user's shard.
    ///
    /// @param slices with whose others it is written; null to write it immediately
    public void send(ServerFrame frame, long offset, @Nullable WriteSlices slices) {
        shared.frames().sent(frame.type());
        if (wire.events()) {
            String token = wire.points().tokenAfter(offset);
            outbox.send(frame.asEvent(outbox.isWhole() ? token : null), slices);
        } else {
            outbox.send(frame, slices);
        }
    }

    /// Writes a comment to a stream of events, with a token of where the client is; its socket has taken what came
    /// before, so the client lives. Where that waits for the client, nothing more is added.
    public void keepAlive(long nowMillis) {
        if (outbox.bytes() == 0) {
            heard(nowMillis);
            outbox.send(ServerFrame.comment(resumeToken()));
        }
    }

    /// Closes after what is queued.
    public void close(CloseCode code) {
        outbox.close(code);
    }

    /// Whether nothing is sent to the client any longer.
    public boolean isClosing() {
        return outbox.isClosing();
    }

    /// How large a frame it may be sent now.
    public int outboxBound() {
        return outbox.bound();
    }

    /// How large a frame may be that waits for the client to read.
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

    /// Places for all commands but receipts.
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

    /// Counts a frame that came in, whatever it is; on the I/O thread. Whose token exempts them from rates is not
    /// counted.
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

    /// Counts a frame that is none; too many of them close.
    public void strikeMalformed(long nowMillis) {
        if (malformed.strike(nowMillis)) {
            close(CloseCode.MALFORMED_FRAMES);
        }
    }

    /// Refuses a frame for its rate; on the I/O thread. Too many of them close.
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

    /// The client lives: it sent something.
    public void heard(long nowMillis) {
        lastHeardMillis = nowMillis;
    }

    /// A frame has begun to come in.
    public void frameBegan(long nowMillis) {
        frameBeganMillis = nowMillis;
    }

    /// All of it is here.
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

    /// Claims the one sync that may be under way.
    public boolean beginSync() {
        return syncing.compareAndSet(false, true);
    }

    /// A sync is over.
    public void endSync() {
        syncing.set(false);
    }

    /// Claims the one token refresh that may be under way.
    public boolean beginRefresh() {
        return refreshing.compareAndSet(false, true);
    }

    /// A refresh is over, with the token that counts from now on.
    public void endRefresh(TokenLife renewed) {
        token = renewed;
        refreshing.set(false);
    }

    /// Who its commands are from, as its token says now.
    public Caller caller() {
        return token.caller();
    }

    public TokenLife token() {
        return token;
    }

    /// Does what the time asks for: warnings, deadlines, ends.
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

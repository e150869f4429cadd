package chat.milena.gateway.connection;

import chat.milena.gateway.connection.OutboxState.Bursting;
import chat.milena.gateway.connection.OutboxState.Closing;
import chat.milena.gateway.connection.OutboxState.Gathering;
import chat.milena.gateway.connection.OutboxState.Idle;
import chat.milena.gateway.connection.OutboxState.Writing;
import chat.milena.protocol.frame.CloseCode;
import chat.milena.gateway.frame.ServerFrame;
import chat.milena.gateway.frame.ServerFrames;
import chat.milena.protocol.frame.CloseCode;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The queue of frames for one socket, and the only class that writes to it. Safe for all threads. Its states are those
/// of [OutboxState].
///
/// Frames leave in their order, one burst at a time, on the socket's I/O thread or on the one that writes slices.
/// Frames
/// that come during a burst make the next one, so a slow client is written to rarely and in large pieces.
///
/// **Overflow.** Bytes count until the socket has taken them. Beyond the bound, droppable frames are dropped and their
/// conversations remembered. When half of the bound is free again, one `resync` names those conversations and frames
/// flow again. Fleeting frames are dropped silently. Answers are not dropped. If answers pass twice the bound, or too
/// many conversations were missed, the connection is closed with 1013 and its queue discarded.
///
/// While all outboxes together hold much, the bound of each is lower ([OutboxBudget]). An outbox that holds more than
/// twice the lower bound is closed the same way, at the next frame or by [#makeRoom].
public final class Outbox {
    private static final int BURST_FRAMES_MAX = 48;
    private static final int BURST_BYTES_MAX = 128 * 1024;

    /// Answers to pings that the socket has not taken.
    private static final int PONGS_MAX = 64;

    private final ClientSocket socket;
    private final int bytesMax;
    private final int missedMax;
    private final OutboxBudget.Share share;
    private final Runnable onOverflow;
    private final UnaryOperator<ServerFrame> form;

    private final Deque<ServerFrame> waiting = new ArrayDeque<>();
    private final Set<String> missed = new LinkedHashSet<>();
    private long bytes;
    private int pongs;
    private OutboxState state = Gathering.OPEN;
    private @Nullable InitialFrames initial;

    /// @param share what it holds of the budget of all; ended with the first [#discard]
    /// @param onOverflow called each time the outbox begins to drop
    /// @param form how a frame that begins here is written
    Outbox(
            ClientSocket socket,
            ConnectionConfig.Outgoing config,
            OutboxBudget.Share share,
            Runnable onOverflow,
            UnaryOperator<ServerFrame> form) {
        this.socket = socket;
        this.bytesMax = config.bytesMax();
        this.missedMax = config.missedConversationsMax();
        this.share = share;
        this.onOverflow = onOverflow;
        this.form = form;
    }

    /// Begins to write; until then frames gather. Once.
    void open() {
        open(null);
    }

    /// As [#open()].
    ///
    /// @param first written before the frames that have gathered; it does not count against the bound
    void open(@Nullable InitialFrames first) {
        boolean begin;
        synchronized (this) {
            if (!(state instanceof Gathering gathering)) {
                throw new IllegalStateException("opened before");
            }
            initial = first;
            if (gathering.code() == CloseCode.TRY_AGAIN_LATER || gathering.code() == CloseCode.GOODBYE) {
                dropInitial();
            }
            state = gathering.toOpened(hasFrames());
            begin = !(state instanceof Idle);
        }
        if (begin) {
            socket.execute(this::burst);
        }
    }

    /// Takes a frame for writing, or drops it as the overflow says. After a close it does nothing.
    public void send(ServerFrame frame) {
        send(frame, null);
    }

    /// As [#send(ServerFrame)], but a burst that begins by it is left to the slices, if there are some. A frame without
    /// them does not wait for a slice: it takes the burst along immediately.
    void send(ServerFrame frame, @Nullable WriteSlices slices) {
        boolean begin;
        boolean overflowed;
        boolean gaveUp;
        synchronized (this) {
            if (state.isClosing()) {
                return;
            }
            boolean idle = state instanceof Idle;
            overflowed = !takeOrDrop(frame);
            if (state instanceof Idle) {
                // Nothing that waits would bring it: the frame was larger than the bound is now.
                tellMissed();
                burstIfIdle();
            }
            gaveUp = state.isClosing();
            begin = idle && !(state instanceof Idle);
            if (state instanceof Writing writing) {
                if (slices == null) {
                    begin |= writing.inSlice();
                    state = writing.toNow();
                } else if (begin) {
                    state = writing.toSlice();
                }
            }
        }
        if (overflowed) {
            onOverflow.run();
        }
        if (gaveUp) {
            socket.execute(socket::cutSoon);
        }
        if (begin && slices != null) {
            slices.add(socket, this::burstOfSlice);
        } else if (begin) {
            socket.execute(this::burst);
        }
    }

    /// Answers a ping, out of turn; on the I/O thread. A client that does not read gets no answer.
    void pong(ByteBuffer payload) {
        boolean welcome;
        synchronized (this) {
            welcome = !state.isClosing() && bytes <= bound() && pongs < PONGS_MAX;
            pongs += welcome ? 1 : 0;
        }
        if (welcome) {
            socket.pong(payload, this::ponged);
        }
    }

    private synchronized void ponged() {
        pongs--;
    }

    /// Closes after what waits has been written; a client that does not read is cut off instead.
    public void close(CloseCode code) {
        boolean begin;
        synchronized (this) {
            if (state.isClosing()) {
                return;
            }
            begin = closeWith(code);
        }
        cutSoon(begin);
    }

    private void cutSoon(boolean begin) {
        socket.execute(socket::cutSoon);
        if (begin) {
            socket.execute(this::burst);
        }
    }

    /// Gives up if others need the room that this one holds. Called regularly, since frames may have ceased to come.
    void makeRoom() {
        if (bound() == bytesMax) {
            return;
        }
        boolean begin;
        synchronized (this) {
            if (state.isClosing() || !holdsTooMuch(bound())) {
                return;
            }
            begin = giveUp();
        }
        onOverflow.run();
        cutSoon(begin);
    }

    /// How much it may hold now.
    int bound() {
        return share.bound(bytesMax);
    }

    private boolean holdsTooMuch(int bound) {
        return bound < bytesMax && bytes > 2L * bound;
    }

    /// Whether no frame was dropped of which the client has not been told: what was sent by now is, or will be, all
    /// there.
    synchronized boolean isWhole() {
        return missed.isEmpty();
    }

    /// Whether nothing that is sent from now on would be written.
    synchronized boolean isClosing() {
        return state.isClosing();
    }

    /// Forgets what waits: the socket is gone.
    synchronized void discard() {
        if (state instanceof Idle idle) {
            state = idle.toClosed(CloseCode.GOODBYE);
        } else {
            closeWith(CloseCode.GOODBYE);
        }
        waiting.clear();
        missed.clear();
        dropInitial();
        share.end();
    }

    private void dropInitial() {
        if (initial != null) {
            initial.discard();
            initial = null;
        }
    }

    /// Bytes that the socket has not taken yet.
    public synchronized long bytes() {
        return bytes;
    }

    /// @return false if this frame was the first to be dropped
    private boolean takeOrDrop(ServerFrame frame) {
        int size = frame.bytes();
        int bound = bound();
        if (holdsTooMuch(bound)) {
            giveUp();
            return false;
        }
        if (frame.isFleeting()) {
            if (missed.isEmpty() && bytes + size <= bound) {
                take(frame);
            }
            return true;
        }
        String conversationId = frame.conversationId();
        if (conversationId == null) {
            // Who reads gets an answer of any size, however little the others leave.
            long answersMax = bytes < OutboxBudget.STEP_BYTES ? 2L * bytesMax : 2L * bound;
            if (bytes + size > answersMax) {
                giveUp();
            } else {
                take(frame);
            }
            return true;
        }
        if (missed.isEmpty() && bytes + size <= bound) {
            take(frame);
            return true;
        }
        boolean first = missed.isEmpty();
        missed.add(conversationId);
        if (missed.size() > missedMax) {
            giveUp();
        }
        return !first;
    }

    private void take(ServerFrame frame) {
        waiting.add(frame);
        hold(frame.bytes());
    }

    private void tellMissed() {
        if (!missed.isEmpty() && !state.isClosing()) {
            take(form.apply(ServerFrames.resync(List.copyOf(missed))));
            missed.clear();
        }
    }

    private void hold(long more) {
        bytes += more;
        share.holds(bytes);
    }

    /// @return whether a burst begins by it, which somebody must run
    private boolean giveUp() {
        hold(-waiting.stream().mapToLong(ServerFrame::bytes).sum());
        waiting.clear();
        dropInitial();
        return closeWith(CloseCode.TRY_AGAIN_LATER);
    }

    /// @return whether a burst begins by it, which somebody must run
    private boolean closeWith(CloseCode code) {
        boolean begins = state instanceof Idle;
        state = state.toClosing(code);
        return begins;
    }

    private boolean hasFrames() {
        return !waiting.isEmpty() || initial != null;
    }

    private void burstIfIdle() {
        if (state instanceof Idle idle && hasFrames()) {
            state = idle.toBursting();
        }
    }

    /// Where [ClientSocket#executeBurst] runs it.
    private void burstOfSlice() {
        synchronized (this) {
            if (!(state instanceof Writing writing && writing.inSlice())) {
                return;
            }
            state = writing.toNow();
        }
        burst();
    }

    /// Where the socket may be written to; at most one is under way, from here until the socket has taken it.
    private void burst() {
        List<ByteBuffer> frames = new ArrayList<>();
        CloseCode closeNow;
        int burstBytes = initialInto(frames);
        synchronized (this) {
            hold(burstBytes);
            while (initial == null
                    && !waiting.isEmpty()
                    && frames.size() < BURST_FRAMES_MAX
                    && burstBytes < BURST_BYTES_MAX) {
                ServerFrame frame = waiting.remove();
                burstBytes += frame.bytes();
                frames.add(frame.buffer());
            }
            // Nothing is left where the initial frames ended just where the last burst did.
            closeNow = frames.isEmpty() ? end() : null;
        }
        if (!frames.isEmpty()) {
            int written = burstBytes;
            socket.write(frames, () -> written(written));
        } else if (closeNow != null) {
            socket.execute(() -> socket.close(closeNow));
        }
    }

    /// All is written.
    ///
    /// @return what the socket is to be closed with now, if it is
    private @Nullable CloseCode end() {
        if (state instanceof Closing closing) {
            state = closing.toClosed();
            return closing.code();
        }
        if (state instanceof Bursting bursting) {
            state = bursting.toIdle();
        }
        return null;
    }

    /// Without the lock, since these are encoded here: who sends must not wait for it.
    ///
    /// @return their bytes
    private int initialInto(List<ByteBuffer> frames) {
        InitialFrames first;
        synchronized (this) {
            first = initial;
        }
        int takenMax = Math.min(BURST_BYTES_MAX, bound());
        int taken = 0;
        while (first != null && frames.size() < BURST_FRAMES_MAX && taken < takenMax) {
            ServerFrame frame = first.next();
            if (frame == null) {
                synchronized (this) {
                    initial = null;
                }
                return taken;
            }
            taken += frame.bytes();
            frames.add(frame.buffer());
        }
        return taken;
    }

    private void written(int burstBytes) {
        boolean again;
        synchronized (this) {
            hold(-burstBytes);
            if (bytes <= bound() / 2) {
                tellMissed();
            }
            if (state instanceof Bursting bursting) {
                state = bursting.toIdle();
                burstIfIdle();
            }
            again = state instanceof Writing;
        }
        if (again) {
            // Later: other sockets of this thread have their turn, and frames may gather.
            socket.execute(this::burst);
        }
    }
}

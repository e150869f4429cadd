package chat.milena.gateway.session;

import chat.milena.gateway.session.OutboxState.Bursting;
import chat.milena.gateway.session.OutboxState.Closing;
import chat.milena.gateway.session.OutboxState.Gathering;
import chat.milena.gateway.session.OutboxState.Idle;
import chat.milena.gateway.session.OutboxState.Writing;
import chat.milena.protocol.frame.CloseCode;
import chat.milena.protocol.frame.ServerFrame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The queue of frames for one socket, and the only class that writes to it. Safe for all threads. Its states are
/// those of [OutboxState].
///
/// Frames are written in order, one burst at a time, on the socket's I/O thread or on the one that writes slices.
/// Frames that come during a burst make the next one, so writes to a slow client are rare and large.
///
/// **Overflow.** Bytes count until the socket has taken them. Beyond the bound, [FrameQueue] drops frames. When
/// half of the bound is free again, one `resync` names the conversations of the dropped frames, and frames flow
/// again. If it is too much, the connection is closed with 1013 and its queue discarded.
///
/// While all outboxes together hold much, the bound of each is lower ([OutboxBudget]). An outbox that holds more
/// than twice the lower bound is closed the same way, at the next frame or by [#makeRoom].
public final class Outbox {
    private static final int BURST_FRAMES_MAX = 48;
    private static final int BURST_BYTES_MAX = 128 * 1024;

    /// Answers to pings that the socket has not taken.
    private static final int PONGS_MAX = 64;

    private final ClientSocket socket;
    private final FrameQueue queue;
    private final Runnable onOverflow;
    private int pongs;
    private OutboxState state = Gathering.OPEN;
    private @Nullable InitialFrames initial;
    private @Nullable Runnable onWritten;

    /// @param share its bytes in the budget of all; ended with the first [#discard]
    /// @param onOverflow called each time the outbox starts to drop
    /// @param form how a frame that starts here is written
    Outbox(
            ClientSocket socket,
            ConnectionConfig.Outgoing config,
            OutboxBudget.Share share,
            Runnable onOverflow,
            UnaryOperator<ServerFrame> form) {
        this.socket = socket;
        this.queue = new FrameQueue(config, share, form);
        this.onOverflow = onOverflow;
    }

    /// Starts to write; until then frames wait. Once.
    void open() {
        open(null);
    }

    /// Same as [#open()].
    ///
    /// @param first written before the waiting frames; it does not count against the bound
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

    /// Same as [#send(ServerFrame)], but a burst that starts with it is left to the slices, if there are any. A
    /// frame without slices does not wait for one: it takes the burst along immediately.
    void send(ServerFrame frame, @Nullable WriteSlices slices) {
        boolean begin;
        boolean overflowed;
        boolean gaveUp;
        synchronized (this) {
            if (state.isClosing()) {
                return;
            }
            boolean idle = state instanceof Idle;
            FrameQueue.Taken taken = queue.take(frame);
            overflowed = taken.beginsToDrop();
            if (taken.isTooMuch()) {
                giveUp();
            }
            if (state instanceof Idle) {
                // No waiting frame would trigger it: the frame was larger than the present bound.
                queue.addResync();
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
            welcome = !state.isClosing() && queue.bytes() <= bound() && pongs < PONGS_MAX;
            pongs += welcome ? 1 : 0;
        }
        if (welcome) {
            socket.pong(payload, this::ponged);
        }
    }

    private synchronized void ponged() {
        pongs--;
    }

    /// Closes after the waiting frames have been written; a client that does not read is cut off instead.
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

    /// Gives up if others need the room that this one holds. Called regularly, since there may be no further
    /// frames.
    void makeRoom() {
        if (!queue.isBoundLow()) {
            return;
        }
        boolean begin;
        synchronized (this) {
            if (state.isClosing() || !queue.holdsTooMuch()) {
                return;
            }
            begin = giveUp();
        }
        onOverflow.run();
        cutSoon(begin);
    }

    /// How much it may hold now.
    int bound() {
        return queue.bound();
    }

    /// Whether the client knows of every dropped frame: everything sent by now has arrived, or will.
    synchronized boolean isWhole() {
        return queue.isWhole();
    }

    /// Whether nothing that is sent from now on would be written.
    synchronized boolean isClosing() {
        return state.isClosing();
    }

    /// Drops the waiting frames: the socket is gone.
    synchronized void discard() {
        if (state instanceof Idle idle) {
            state = idle.toClosed(CloseCode.GOODBYE);
        } else {
            closeWith(CloseCode.GOODBYE);
        }
        dropInitial();
        queue.end();
    }

    /// Runs a task on the I/O thread once nothing waits to be written; never, if the socket ends before. One task
    /// at most.
    void whenWritten(Runnable task) {
        synchronized (this) {
            if (queue.bytes() > 0) {
                onWritten = task;
                return;
            }
        }
        runWhileOpen(task);
    }

    private void runWhileOpen(Runnable task) {
        // Later: it is known by then if the socket is broken.
        socket.execute(() -> {
            if (!isClosing()) {
                task.run();
            }
        });
    }

    private void dropInitial() {
        if (initial != null) {
            initial.discard();
            initial = null;
        }
    }

    /// Bytes that the socket has not taken yet.
    public synchronized long bytes() {
        return queue.bytes();
    }

    /// @return whether a burst starts, which the caller must run
    private boolean giveUp() {
        queue.drop();
        dropInitial();
        return closeWith(CloseCode.TRY_AGAIN_LATER);
    }

    /// @return whether a burst starts, which the caller must run
    private boolean closeWith(CloseCode code) {
        boolean begins = state instanceof Idle;
        state = state.toClosing(code);
        return begins;
    }

    private boolean hasFrames() {
        return !queue.isEmpty() || initial != null;
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

    /// Where the socket may be written to; at most one is in progress, from here until the socket has taken it.
    private void burst() {
        List<ByteBuffer> frames = new ArrayList<>();
        CloseCode closeNow;
        int burstBytes = initialInto(frames);
        synchronized (this) {
            queue.hold(burstBytes);
            while (initial == null
                    && !queue.isEmpty()
                    && frames.size() < BURST_FRAMES_MAX
                    && burstBytes < BURST_BYTES_MAX) {
                ServerFrame frame = queue.next();
                burstBytes += frame.bytes();
                frames.add(frame.buffer());
            }
            // Nothing is left if the initial frames ended just where the last burst did.
            closeNow = frames.isEmpty() ? end() : null;
        }
        if (!frames.isEmpty()) {
            int written = burstBytes;
            socket.write(frames, () -> written(written));
        } else if (closeNow != null) {
            socket.execute(() -> socket.close(closeNow));
        }
    }

    /// Everything is written.
    ///
    /// @return the code to close the socket with now, if there is one
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

    /// Without the lock, since these are encoded here: senders must not wait for it.
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
        Runnable done = null;
        synchronized (this) {
            queue.hold(-burstBytes);
            if (queue.bytes() == 0) {
                done = onWritten;
                onWritten = null;
            }
            if (queue.isHalfFree() && !state.isClosing()) {
                queue.addResync();
            }
            if (state instanceof Bursting bursting) {
                state = bursting.toIdle();
                burstIfIdle();
            }
            again = state instanceof Writing;
        }
        if (done != null) {
            runWhileOpen(done);
        }
        if (again) {
            // Later: other sockets of this thread have their turn, and more frames may come.
            socket.execute(this::burst);
        }
    }
}

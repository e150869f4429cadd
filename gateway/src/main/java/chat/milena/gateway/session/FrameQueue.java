package chat.milena.gateway.session;

import chat.milena.protocol.frame.ServerFrame;
import chat.milena.protocol.frame.ServerFrames;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/// The frames that wait in one [Outbox], and the bound of its bytes. Under the lock of the outbox.
///
/// **Overflow.** Beyond the bound, droppable frames are dropped and their conversations remembered until one
/// `resync` names them. Ephemeral frames are dropped silently. Answers are not dropped. It is too much if answers
/// exceed twice the bound, or too many conversations were missed, or the bound has shrunk to less than half of
/// what is held.
final class FrameQueue {
    private final int bytesMax;
    private final int missedMax;
    private final OutboxBudget.Share share;
    private final UnaryOperator<ServerFrame> form;

    private final Deque<ServerFrame> waiting = new ArrayDeque<>();
    private final Set<String> missed = new LinkedHashSet<>();
    private long bytes;

    /// What happened to a frame.
    ///
    /// @param beginsToDrop whether it is the first that does not fit
    /// @param isTooMuch whether the outbox must be given up
    record Taken(boolean beginsToDrop, boolean isTooMuch) {
        private static final Taken USUAL = new Taken(false, false);
    }

    /// @param share its bytes in the budget of all; ended by [#end]
    /// @param form how a frame that starts here is written
    FrameQueue(ConnectionConfig.Outgoing config, OutboxBudget.Share share, UnaryOperator<ServerFrame> form) {
        this.bytesMax = config.bytesMax();
        this.missedMax = config.missedConversationsMax();
        this.share = share;
        this.form = form;
    }

    /// How much it may hold now; from any thread.
    int bound() {
        return share.bound(bytesMax);
    }

    /// Whether its bound is lower than usual because all outboxes together hold much; from any thread.
    boolean isBoundLow() {
        return bound() < bytesMax;
    }

    /// Whether others need the room that this one holds.
    boolean holdsTooMuch() {
        return holdsTooMuch(bound());
    }

    private boolean holdsTooMuch(int bound) {
        return bound < bytesMax && bytes > 2L * bound;
    }

    /// Takes a frame, or drops it.
    Taken take(ServerFrame frame) {
        int size = frame.bytes();
        int bound = bound();
        if (holdsTooMuch(bound)) {
            return new Taken(true, true);
        }
        if (frame.isFleeting()) {
            if (missed.isEmpty() && bytes + size <= bound) {
                add(frame);
            }
            return Taken.USUAL;
        }
        String conversationId = frame.conversationId();
        if (conversationId == null) {
            // A client that reads gets an answer of any size, however little room the others leave.
            long answersMax = bytes < OutboxBudget.STEP_BYTES ? 2L * bytesMax : 2L * bound;
            if (bytes + size > answersMax) {
                return new Taken(false, true);
            }
            add(frame);
            return Taken.USUAL;
        }
        if (missed.isEmpty() && bytes + size <= bound) {
            add(frame);
            return Taken.USUAL;
        }
        boolean first = missed.isEmpty();
        missed.add(conversationId);
        return new Taken(first, missed.size() > missedMax);
    }

    private void add(ServerFrame frame) {
        waiting.add(frame);
        hold(frame.bytes());
    }

    /// Adds one `resync` with the conversations of dropped frames, if there are any.
    void addResync() {
        if (!missed.isEmpty()) {
            add(form.apply(ServerFrames.resync(List.copyOf(missed))));
            missed.clear();
        }
    }

    /// Whether every dropped frame is named by a `resync`.
    boolean isWhole() {
        return missed.isEmpty();
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /// Takes the next frame out; its bytes count until they are released.
    ServerFrame next() {
        return waiting.remove();
    }

    /// Counts bytes of other frames or, below zero, releases bytes that the socket has taken.
    void hold(long more) {
        bytes += more;
        share.holds(bytes);
    }

    /// Bytes that the socket has not taken yet.
    long bytes() {
        return bytes;
    }

    /// Whether half of the bound is free.
    boolean isHalfFree() {
        return bytes <= bound() / 2;
    }

    /// Drops the waiting frames.
    void drop() {
        hold(-waiting.stream().mapToLong(ServerFrame::bytes).sum());
        waiting.clear();
    }

    /// Nothing is held any longer.
    void end() {
        waiting.clear();
        missed.clear();
        share.end();
    }
}

package chat.milena.bench.replay;

import chat.milena.bench.check.Observer;
import chat.milena.bench.client.CloseReason;
import chat.milena.bench.client.Connection;
import chat.milena.bench.client.Outgoing;
import chat.milena.bench.client.SentMessage;
import chat.milena.bench.frame.ServerFrame;
import chat.milena.bench.report.CheckedListener;
import org.jspecify.annotations.Nullable;

/// One person of a replay: one user with one connection, in each group whose transcript names them.
final class Person extends CheckedListener {
    private final Replay replay;
    private final Observer observer;
    private volatile @Nullable Connection connection;
    /// Of the event loop, as the next one; 0 while it has a socket.
    private long lostNanos;
    private boolean wasConnected;

    /// @param folds whether it keeps what everything makes of the messages
    Person(Replay replay, Observer observer, boolean folds) {
        super(observer, replay.notices(), folds);
        this.replay = replay;
        this.observer = observer;
    }

    void connected(Connection established) {
        connection = established;
    }

    Observer observer() {
        return observer;
    }

    void joins(String conversationId) {
        observer.expectFromStart(conversationId);
        observer.fold(conversationId);
    }

    boolean trySend(String conversationId, String messageId, Outgoing what, long tag) {
        Connection open = connection;
        return open != null && open.trySend(conversationId, messageId, what, tag);
    }

    @Override
    protected void acked(ServerFrame.MessageAck ack, @Nullable SentMessage sent) {
        if (sent != null) {
            replay.acked(sent, ack);
        }
    }

    @Override
    protected void delivered(ServerFrame.MessageNew message) {
        replay.delivered(message.messageId());
    }

    @Override
    protected void mustSync(Connection source) {
        replay.mustSync(source.userId(), observer);
    }

    @Override
    protected void connected(ServerFrame.Connected frame, boolean again) {
        if (again) {
            replay.times().back(lostNanos, System.nanoTime());
        }
        lostNanos = 0;
        wasConnected = true;
    }

    /// The socket is gone, or an attempt at the next one has failed.
    @Override
    public void onDown(Connection source, CloseReason reason, boolean reconnecting) {
        super.onDown(source, reason, reconnecting);
        if (lostNanos == 0) {
            lostNanos = System.nanoTime();
            if (wasConnected) {
                replay.times().lost(lostNanos);
            }
        }
    }

    @Override
    public void onRefused(Connection source, SentMessage sent, ServerFrame.Refusal refusal) {
        replay.refused(sent, refusal);
    }

    @Override
    public void onClosed(Connection source, CloseReason reason) {
        replay.lostForGood(source.userId(), reason);
    }
}

package chat.milena.bench.load;

import chat.milena.bench.check.Observer;
import chat.milena.bench.client.Connection;
import chat.milena.bench.client.SentMessage;
import chat.milena.bench.client.ServerFrame;
import chat.milena.bench.report.CheckedListener;
import org.jspecify.annotations.Nullable;

/// One user of a pairs load: a checked connection that also feeds the meter of the running step.
final class PairUser extends CheckedListener {
    private final PairsLoad load;
    private final Observer observer;
    private volatile @Nullable Connection connection;
    private volatile String conversationId = "";

    PairUser(PairsLoad load, Observer observer) {
        super(observer, load.notices());
        this.load = load;
        this.observer = observer;
    }

    void connected(Connection established) {
        connection = established;
    }

    void joins(String conversation) {
        conversationId = conversation;
        observer.expectFromStart(conversation);
    }

    boolean trySend(String messageId, String text, long index) {
        Connection open = connection;
        return open != null && open.trySend(conversationId, messageId, text, index);
    }

    @Override
    protected void acked(ServerFrame.MessageAck ack, @Nullable SentMessage sent) {
        if (sent != null) {
            load.acked(sent, System.nanoTime());
        }
    }

    @Override
    protected void delivered(ServerFrame.MessageNew message) {
        load.delivered(message.messageId(), System.nanoTime());
    }

    @Override
    public void onRefused(Connection source, SentMessage sent, ServerFrame.Refusal refusal) {
        load.refused(sent, refusal.code());
    }
}

package chat.milena.bench.load;

import chat.milena.bench.check.Observer;
import chat.milena.bench.client.Connection;
import chat.milena.bench.client.Outgoing;
import chat.milena.bench.client.SentMessage;
import chat.milena.bench.frame.ServerFrame;
import chat.milena.bench.report.CheckedListener;
import org.jspecify.annotations.Nullable;

/// One user of a lane: a checked connection that also feeds the meter of the running step. Its connection calls it
/// on the connection's event loop.
public class LoadUser extends CheckedListener {
    private final Lane lane;
    private final Observer observer;
    private volatile @Nullable Connection connection;

    public LoadUser(Lane lane, Observer observer) {
        super(observer, lane.notices());
        this.lane = lane;
        this.observer = observer;
    }

    public void connected(Connection established) {
        connection = established;
    }

    @Nullable
    public Connection connection() {
        return connection;
    }

    public void joins(String conversationId) {
        observer.expectFromStart(conversationId);
    }

    public boolean trySend(String conversationId, String messageId, Outgoing what, long index) {
        Connection open = connection;
        return open != null && open.trySend(conversationId, messageId, what, index);
    }

    @Override
    protected void acked(ServerFrame.MessageAck ack, @Nullable SentMessage sent) {
        if (sent != null) {
            lane.acked(sent, System.nanoTime());
        }
    }

    @Override
    protected void delivered(ServerFrame.MessageNew message) {
        lane.delivered(message.messageId(), System.nanoTime());
    }

    @Override
    public void onRefused(Connection source, SentMessage sent, ServerFrame.Refusal refusal) {
        lane.refused(sent, refusal.code());
    }
}

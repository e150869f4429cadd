package chat.milena.bench.load;

import chat.milena.bench.check.Observer;
import chat.milena.bench.client.CloseReason;
import chat.milena.bench.client.Connection;
import chat.milena.bench.client.ConnectionListener;
import chat.milena.bench.client.SentMessage;
import chat.milena.bench.client.ServerFrame;
import org.jspecify.annotations.Nullable;

/// One user of a pairs load: hands what its connection hears to the checker and to the meter of the running step.
final class PairUser implements ConnectionListener {
    private final PairsLoad load;
    private final Observer observer;
    private volatile @Nullable Connection connection;
    private volatile String conversationId = "";

    PairUser(PairsLoad load, Observer observer) {
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
    public void onAck(Connection source, ServerFrame.MessageAck ack, @Nullable SentMessage sent) {
        long now = System.nanoTime();
        observer.acked(
                ack.conversationId(),
                ack.sequenceNumber(),
                ack.messageId(),
                ack.timestamp(),
                ack.duplicate(),
                sent == null ? 0 : sent.ordinal(),
                sent != null && sent.resent());
        if (sent != null) {
            load.acked(sent, now);
        }
    }

    @Override
    public void onMessageNew(Connection source, ServerFrame.MessageNew message) {
        long now = System.nanoTime();
        observer.delivered(
                message.conversationId(), message.sequenceNumber(), message.messageId(), message.timestamp());
        load.delivered(message.messageId(), now);
    }

    @Override
    public void onConversation(Connection source, ServerFrame.ConversationCreated created) {
        observer.changed(created.conversationId(), created.sequenceNumber());
    }

    @Override
    public void onTimelineChange(Connection source, ServerFrame.TimelineChange change) {
        observer.changed(change.conversationId(), change.sequenceNumber());
    }

    @Override
    public void onRefused(Connection source, SentMessage sent, ServerFrame.Refusal refusal) {
        load.refused(sent, refusal.code());
    }

    @Override
    public void onOther(Connection source, ServerFrame frame) {
        switch (frame) {
            case ServerFrame.Malformed malformed -> load.complained("malformed frame: " + malformed.reason());
            case ServerFrame.Refusal refusal -> load.complained("error " + refusal.code() + " that answers no send");
            case ServerFrame.Resync resync ->
                load.complained("resync of " + resync.conversationIds().size() + " conversations");
            default -> {}
        }
    }

    @Override
    public void onDown(Connection source, CloseReason reason, boolean reconnecting) {
        observer.disconnected();
        load.complained("connection lost: " + reason);
    }
}

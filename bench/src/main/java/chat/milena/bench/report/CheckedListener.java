package chat.milena.bench.report;

import chat.milena.bench.check.Observer;
import chat.milena.bench.client.CloseReason;
import chat.milena.bench.client.Connection;
import chat.milena.bench.client.ConnectionListener;
import chat.milena.bench.client.SentMessage;
import chat.milena.bench.client.ServerFrame;
import org.jspecify.annotations.Nullable;

/// A listener that shows everything its connection hears to the checker and leaves measuring to who extends it.
public abstract class CheckedListener implements ConnectionListener {
    private final Observer observer;
    private final Notices notices;

    protected CheckedListener(Observer observer, Notices notices) {
        this.observer = observer;
        this.notices = notices;
    }

    /// An ack, after it was checked; `sent` as in [ConnectionListener#onAck].
    protected abstract void acked(ServerFrame.MessageAck ack, @Nullable SentMessage sent);

    /// A message, before it is checked.
    protected abstract void delivered(ServerFrame.MessageNew message);

    @Override
    public final void onConnected(Connection connection, ServerFrame.Connected frame, boolean again) {
        observer.reconnected();
    }

    @Override
    public final void onAck(Connection connection, ServerFrame.MessageAck ack, @Nullable SentMessage sent) {
        // Checked first: who hears of the last ack may ask for the report at once.
        observer.acked(
                ack.conversationId(),
                ack.sequenceNumber(),
                ack.messageId(),
                ack.timestamp(),
                ack.duplicate(),
                sent == null ? 0 : sent.ordinal(),
                sent != null && sent.resent());
        acked(ack, sent);
    }

    @Override
    public final void onMessageNew(Connection connection, ServerFrame.MessageNew message) {
        delivered(message);
        observer.delivered(
                message.conversationId(), message.sequenceNumber(), message.messageId(), message.timestamp());
    }

    @Override
    public final void onConversation(Connection connection, ServerFrame.ConversationCreated created) {
        observer.joined(created.conversationId(), created.sequenceNumber());
    }

    @Override
    public final void onTimelineChange(Connection connection, ServerFrame.TimelineChange change) {
        if (change.type().equals("conversation.left")) {
            observer.left(change.conversationId(), change.sequenceNumber());
        } else {
            observer.changed(change.conversationId(), change.sequenceNumber());
        }
    }

    @Override
    public final void onOther(Connection connection, ServerFrame frame) {
        switch (frame) {
            case ServerFrame.Malformed malformed -> notices.tell("malformed frame: " + malformed.reason());
            case ServerFrame.Refusal refusal -> notices.tell("error " + refusal.code() + " that answers no send");
            case ServerFrame.Resync resync -> notices.tell("resync: the server dropped frames");
            case ServerFrame.Other other -> notices.tell("frame of type " + other.type());
            default -> {}
        }
    }

    @Override
    public void onDown(Connection connection, CloseReason reason, boolean reconnecting) {
        observer.disconnected();
        notices.tellLostSocket(reason.toString());
    }
}

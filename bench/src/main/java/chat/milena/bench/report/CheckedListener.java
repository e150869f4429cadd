package chat.milena.bench.report;

import chat.milena.bench.check.Observer;
import chat.milena.bench.client.CloseReason;
import chat.milena.bench.client.Connection;
import chat.milena.bench.client.ConnectionListener;
import chat.milena.bench.client.SentMessage;
import chat.milena.bench.frame.ServerFrame;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// A listener that passes all events of its connection to the checker. Subclasses measure.
public abstract class CheckedListener implements ConnectionListener {
    private final Observer observer;
    private final Notices notices;
    private final @Nullable FrameFolder folder;

    protected CheckedListener(Observer observer, Notices notices) {
        this(observer, notices, false);
    }

    /// @param folds whether it applies all frames to the messages, for which it needs their texts
    protected CheckedListener(Observer observer, Notices notices, boolean folds) {
        this.observer = observer;
        this.notices = notices;
        this.folder = folds ? new FrameFolder(observer) : null;
    }

    @Override
    public final boolean wantsText() {
        return folder != null;
    }

    /// An ack, after it was checked; `sent` as in [ConnectionListener#onAck].
    protected abstract void acked(ServerFrame.MessageAck ack, @Nullable SentMessage sent);

    /// A message of another user, the first time that this connection receives it; live ones before they are
    /// checked.
    protected abstract void delivered(ServerFrame.MessageNew message);

    /// Like [#delivered], for messages missed while the connection was away.
    protected void missed(ServerFrame.MessageNew message) {
        delivered(message);
    }

    @Override
    public final boolean resumes() {
        return true;
    }

    @Override
    public final void onConnected(Connection connection, ServerFrame.Connected frame, boolean again) {
        if (!again) {
            observer.connected();
        } else if (frame.resumed()) {
            observer.resumed();
        } else {
            observer.reconnected();
            mustSync(connection);
        }
        connected(frame, again);
    }

    /// Frames were lost, and the server says so.
    protected void mustSync(Connection connection) {}

    /// The connection is up, after the checker was notified.
    protected void connected(ServerFrame.Connected frame, boolean again) {}

    @Override
    public final void onOffline(Connection connection, ServerFrame.Offline missed) {
        String conversationId = missed.conversationId();
        if (folder != null) {
            folder.missed(missed);
        }
        Deque<ServerFrame.Expired> expired = new ArrayDeque<>(missed.expired());
        for (ServerFrame.Entry entry : missed.entries()) {
            // In the order of numbers, as in the conversation.
            while (!expired.isEmpty() && expired.getFirst().from() < entry.sequenceNumber()) {
                skip(conversationId, expired.removeFirst());
            }
            ServerFrame.MessageNew message = entry.message(conversationId);
            if (message == null) {
                observer.changed(conversationId, entry.sequenceNumber());
            } else if (check(message) && isOthers(connection, message)) {
                missed(message);
            }
        }
        expired.forEach(range -> skip(conversationId, range));
    }

    private void skip(String conversationId, ServerFrame.Expired range) {
        observer.expired(conversationId, range.from(), range.to());
    }

    private boolean check(ServerFrame.MessageNew message) {
        return observer.delivered(
                message.conversationId(), message.sequenceNumber(), message.messageId(), message.timestamp());
    }

    /// A message sent on a lost socket returns like any other user's.
    private static boolean isOthers(Connection connection, ServerFrame.MessageNew message) {
        return !message.senderId().equals(connection.userId());
    }

    @Override
    public final void onAck(Connection connection, ServerFrame.MessageAck ack, @Nullable SentMessage sent) {
        // Checked first, since the receiver of the last ack may request the report immediately.
        long ordinal = sent == null ? 0 : sent.ordinal();
        boolean resent = sent != null && sent.resent();
        // An answer to an earlier attempt does not say whether it is of a message or of a change.
        boolean change = sent == null ? folder != null && ack.duplicate() : sent.isChange();
        if (change) {
            observer.ackedChange(ack.conversationId(), ack.sequenceNumber(), ack.duplicate(), ordinal, resent);
        } else {
            observer.acked(
                    ack.conversationId(),
                    ack.sequenceNumber(),
                    ack.messageId(),
                    ack.timestamp(),
                    ack.duplicate(),
                    ordinal,
                    resent);
        }
        if (folder != null && sent != null) {
            folder.acked(ack, sent);
        }
        acked(ack, sent);
    }

    @Override
    public final void onMessageNew(Connection connection, ServerFrame.MessageNew message) {
        if (isOthers(connection, message)) {
            delivered(message);
        }
        check(message);
        if (folder != null) {
            folder.message(message);
        }
    }

    @Override
    public final void onConversation(Connection connection, ServerFrame.ConversationCreated created) {
        observer.joined(created.conversationId(), created.sequenceNumber());
        if (folder != null) {
            folder.other(created.conversationId(), created.sequenceNumber());
        }
    }

    @Override
    public final void onTimelineChange(Connection connection, ServerFrame.TimelineChange change) {
        ServerFrame.Effect effect = change.effect();
        boolean gathered = effect != null && !effect.gathered().isEmpty();
        for (long number : change.sequenceNumbers()) {
            if (change.type().equals("conversation.left")) {
                observer.left(change.conversationId(), number);
            } else if (gathered) {
                observer.gathered(change.conversationId(), number);
            } else {
                observer.changed(change.conversationId(), number);
            }
        }
        if (folder != null) {
            folder.changed(change);
        }
        changed(change);
    }

    /// A change of a conversation, after it was checked.
    protected void changed(ServerFrame.TimelineChange change) {}

    @Override
    public final void onOther(Connection connection, ServerFrame frame) {
        switch (frame) {
            case ServerFrame.Malformed malformed -> notices.add("malformed frame: " + malformed.reason());
            case ServerFrame.Refusal refusal -> notices.add("error " + refusal.code() + " that answers no send");
            case ServerFrame.Resync resync -> {
                notices.add("resync: the server dropped frames");
                mustSync(connection);
            }
            case ServerFrame.Other other -> notices.add("frame of type " + other.type());
            default -> {}
        }
    }

    /// The connection receives nothing until it is connected again.
    protected final void away() {
        observer.disconnected();
    }

    @Override
    public void onDown(Connection connection, CloseReason reason, boolean reconnecting) {
        away();
        notices.tellLostSocket(reason.toString());
    }
}

package chat.milena.bench.client;

import chat.milena.bench.frame.ServerFrame;
import org.jspecify.annotations.Nullable;

/// Hears what happens on one [Connection], always on that connection's event loop and in the order of the wire.
///
/// A listener must not block: it holds up every connection of its loop.
public interface ConnectionListener {

    /// Whether [ServerFrame.MessageNew] should carry the text; reading it costs, so a load says no.
    default boolean wantsText() {
        return false;
    }

    /// Whether the connection goes on where it was after a lost socket: it brings its latest token, and what was missed
    /// comes as [#onOffline], of which some may be known. Without it each socket starts with nothing.
    default boolean resumes() {
        return false;
    }

    /// The connection is up; `again` when it was up before. Unacked sends are written again right after this call.
    default void onConnected(Connection connection, ServerFrame.Connected frame, boolean again) {}

    /// An ack; `sent` is null when nothing waits for it any more, as after the ack of an earlier attempt.
    default void onAck(Connection connection, ServerFrame.MessageAck ack, @Nullable SentMessage sent) {}

    default void onMessageNew(Connection connection, ServerFrame.MessageNew message) {}

    /// What was missed, after a connection that [#resumes()] came back.
    default void onOffline(Connection connection, ServerFrame.Offline missed) {}

    default void onConversation(Connection connection, ServerFrame.ConversationCreated conversation) {}

    default void onTimelineChange(Connection connection, ServerFrame.TimelineChange change) {}

    /// A send that will not be tried again: refused for good, or refused longer than the client retries.
    default void onRefused(Connection connection, SentMessage sent, ServerFrame.Refusal refusal) {}

    /// Every frame that has no call of its own, an `error` that answers no send among them.
    default void onOther(Connection connection, ServerFrame frame) {}

    /// The socket is gone; `reconnecting` is true if the connection tries to come back.
    default void onDown(Connection connection, CloseReason reason, boolean reconnecting) {}

    /// The connection has ended for good; what is still unacked comes as [#onRefused] first.
    default void onClosed(Connection connection, CloseReason reason) {}
}

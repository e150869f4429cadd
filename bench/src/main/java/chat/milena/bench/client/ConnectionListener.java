package chat.milena.bench.client;

import chat.milena.bench.frame.ServerFrame;
import org.jspecify.annotations.Nullable;

/// Receives the events of one [Connection], always on that connection's event loop and in the order of the wire.
///
/// A listener must not block: it would delay every connection of its loop.
public interface ConnectionListener {

    /// Whether [ServerFrame.MessageNew] carries the text; reading it costs time, so loads return false.
    default boolean wantsText() {
        return false;
    }

    /// Whether the connection resumes after a lost socket. It then sends its latest token, and missed messages
    /// arrive as [#onOffline], of which some may be known already. Without it each socket starts with nothing.
    default boolean resumes() {
        return false;
    }

    /// The connection is up; `again` if it was up before. Unacked sends are written again right after this call.
    default void onConnected(Connection connection, ServerFrame.Connected frame, boolean again) {}

    /// An ack; `sent` is null if no send waits for it any more, such as after the ack of an earlier attempt.
    default void onAck(Connection connection, ServerFrame.MessageAck ack, @Nullable SentMessage sent) {}

    default void onMessageNew(Connection connection, ServerFrame.MessageNew message) {}

    /// The missed messages, after a connection that [#resumes()] has reconnected.
    default void onOffline(Connection connection, ServerFrame.Offline missed) {}

    default void onConversation(Connection connection, ServerFrame.ConversationCreated conversation) {}

    default void onTimelineChange(Connection connection, ServerFrame.TimelineChange change) {}

    /// A send that will not be retried: refused for good, or refused for longer than the client retries.
    default void onRefused(Connection connection, SentMessage sent, ServerFrame.Refusal refusal) {}

    /// Every frame without a method of its own, including an `error` that answers no send.
    default void onOther(Connection connection, ServerFrame frame) {}

    /// The socket is gone; `reconnecting` is true if the connection tries to reconnect.
    default void onDown(Connection connection, CloseReason reason, boolean reconnecting) {}

    /// The connection has ended for good; unacked sends were passed to [#onRefused] before.
    default void onClosed(Connection connection, CloseReason reason) {}
}

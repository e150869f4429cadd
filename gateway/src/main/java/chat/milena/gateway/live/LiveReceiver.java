package chat.milena.gateway.live;

import chat.milena.gateway.session.Connection;
import chat.milena.protocol.frame.ClientFrame.Live;
import chat.milena.schemas.key.UserKey;

/// Receives what connections say of presence and typing. Safe for all threads; never blocks.
public interface LiveReceiver {
    /// Where nobody does: frames are passed over.
    LiveReceiver NONE = new LiveReceiver() {
        @Override
        public void opened(Connection connection) {}

        @Override
        public void receive(Connection connection, Live frame) {}

        @Override
        public void closed(Connection connection) {}

        @Override
        public Runnable present(UserKey user) {
            return () -> {};
        }
    };

    /// A connection is registered; before any of its frames.
    void opened(Connection connection);

    /// A frame came in.
    void receive(Connection connection, Live frame);

    /// The connection's socket is gone; also of one that was never opened.
    void closed(Connection connection);

    /// A user is there by something that says nothing itself, as by a poll that waits.
    ///
    /// @return to be run once, when that is over
    Runnable present(UserKey user);
}

package chat.milena.gateway.live;

import chat.milena.gateway.session.Connection;
import chat.milena.protocol.frame.ClientFrame.Live;
import chat.milena.schemas.key.UserKey;
import org.jspecify.annotations.Nullable;

/// Receives frames of presence and typing. Safe for all threads; never blocks.
public interface LiveReceiver {
    /// Ignores all frames.
    LiveReceiver NONE = new LiveReceiver() {
        @Override
        public void opened(Connection connection) {}

        @Override
        public void receive(Connection connection, Live frame) {}

        @Override
        public void closed(Connection connection) {}

        @Override
        public Runnable present(UserKey user, String connectionId, @Nullable String deviceId) {
            return () -> {};
        }
    };

    /// A connection is registered; before any of its frames.
    void opened(Connection connection);

    /// A frame came in.
    void receive(Connection connection, Live frame);

    /// The socket of the connection is gone, even if it was never opened.
    void closed(Connection connection);

    /// A user is present without frames of their own, as by a waiting poll.
    ///
    /// @param deviceId null for a client without one
    /// @return run it once, when that is over
    Runnable present(UserKey user, String connectionId, @Nullable String deviceId);
}

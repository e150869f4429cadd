package chat.milena.gateway.session;

import chat.milena.protocol.frame.ServerFrame;
import org.jspecify.annotations.Nullable;

/// Frames before all others of a connection, each made when the socket can take it. Safe for all threads.
public interface InitialFrames {

    /// The next frame; null once there is none any longer. Never throws.
    @Nullable
    ServerFrame next();

    /// Drops the rest: nobody will request it.
    void discard();
}

package chat.milena.gateway.session;

import chat.milena.protocol.frame.ServerFrame;
import org.jspecify.annotations.Nullable;

/// Frames that stand before all others of a connection, each made when the socket can take it. Safe for all threads.
public interface InitialFrames {

    /// The next frame; null when there is none any longer, and from then on. Never throws.
    @Nullable
    ServerFrame next();

    /// Lets go of the rest: nobody will ask for it.
    void discard();
}

package chat.milena.gateway.resume;

import chat.milena.gateway.session.InitialFrames;
import chat.milena.protocol.frame.ServerFrame;
import org.jspecify.annotations.Nullable;

/// The first frames as events: the id of the last one covers all, those before it carry an older one. Safe for all
/// threads.
final class InitialEvents implements InitialFrames {
    private final InitialFrames frames;
    private final @Nullable String before;
    private final @Nullable String behind;
    private @Nullable ServerFrame following;
    private boolean begun;

    /// @param before the id of all except the last
    /// @param behind the id of the last
    InitialEvents(InitialFrames frames, @Nullable String before, @Nullable String behind) {
        this.frames = frames;
        this.before = before;
        this.behind = behind;
    }

    @Override
    public synchronized @Nullable ServerFrame next() {
        ServerFrame frame = begun ? following : frames.next();
        begun = true;
        following = frame == null ? null : frames.next();
        return frame == null ? null : frame.asEvent(following == null ? behind : before);
    }

    @Override
    public void discard() {
        frames.discard();
    }
}

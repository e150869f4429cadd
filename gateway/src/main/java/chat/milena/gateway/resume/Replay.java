package chat.milena.gateway.resume;

import chat.milena.gateway.delivery.LoggedDelivery;
import chat.milena.gateway.session.InitialFrames;
import chat.milena.protocol.frame.ServerFrame;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The first frames of a connection: `connected`, then the missed ones, encoded as the socket takes them. Safe for
/// all threads.
///
/// Frames of one conversation come in order; conversations may overtake each other by one frame's worth of
/// messages.
final class Replay implements InitialFrames {
    private final Missed missed;
    private final Iterator<LoggedDelivery> left;
    private final OfflineFrames frames;
    private final Queue<Supplier<@Nullable ServerFrame>> due = new ArrayDeque<>();
    private boolean over;

    Replay(ServerFrame connected, Missed missed, String userId, Clock clock) {
        this.missed = missed;
        this.left = missed.logged();
        this.frames = new OfflineFrames(userId, missed.changes(), clock, due::add);
        due.add(() -> connected);
    }

    @Override
    public synchronized @Nullable ServerFrame next() {
        while (!over) {
            Supplier<@Nullable ServerFrame> next = due.poll();
            if (next != null) {
                ServerFrame frame = OfflineFrames.orPassedOver(next);
                if (frame != null) {
                    return frame;
                }
            } else if (left.hasNext()) {
                frames.add(left.next().delivery());
            } else if (!frames.flush()) {
                discard();
            }
        }
        return null;
    }

    @Override
    public synchronized void discard() {
        if (!over) {
            over = true;
            due.clear();
            missed.release();
        }
    }
}

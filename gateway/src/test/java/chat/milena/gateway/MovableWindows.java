package chat.milena.gateway;

import chat.milena.runtime.time.WindowTimer;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Windows that end when a test says so, on its thread.
public final class MovableWindows implements WindowTimer {
    private final Queue<Runnable> open = new ConcurrentLinkedQueue<>();

    @Override
    public void after(Duration window, Runnable end) {
        open.add(end);
    }

    public int open() {
        return open.size();
    }

    /// Ends those that are open now; what opens meanwhile stays.
    public void end() {
        for (int i = open.size(); i > 0; i--) {
            Runnable end = open.poll();
            if (end != null) {
                end.run();
            }
        }
    }
}

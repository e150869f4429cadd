package chat.milena.gateway;

import chat.milena.gateway.session.ClientSocket;
import chat.milena.protocol.frame.CloseCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A socket whose I/O thread is whoever calls [#run], and whose client reads only when told to.
public final class FakeSocket implements ClientSocket {
    public final List<String> written = new ArrayList<>();
    public final AtomicInteger bursts = new AtomicInteger();
    public final AtomicInteger pongs = new AtomicInteger();

    @Nullable
    public CloseCode closed;

    public boolean cut;
    public boolean reading = true;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Deque<Runnable> unread = new ArrayDeque<>();
    private final Deque<Runnable> unreadPongs = new ArrayDeque<>();

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    /// Does what the I/O thread has to do.
    public void run() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /// The client reads what was held back, and goes on reading.
    public void read() {
        reading = true;
        while (!unreadPongs.isEmpty()) {
            unreadPongs.remove().run();
        }
        while (!unread.isEmpty()) {
            unread.remove().run();
        }
        run();
    }

    @Override
    public void executeBurst(Runnable burst) {
        burst.run();
    }

    @Override
    public void write(List<ByteBuffer> frames, Runnable flushed) {
        assertOneBurst();
        bursts.incrementAndGet();
        for (ByteBuffer frame : frames) {
            written.add(StandardCharsets.UTF_8.decode(frame).toString());
        }
        if (reading) {
            flushed.run();
        } else {
            unread.add(flushed);
        }
    }

    private void assertOneBurst() {
        if (!unread.isEmpty()) {
            throw new AssertionError("two bursts at once");
        }
        if (closed != null) {
            throw new AssertionError("written after the close");
        }
    }

    @Override
    public void pong(ByteBuffer payload, Runnable flushed) {
        pongs.incrementAndGet();
        if (reading) {
            flushed.run();
        } else {
            unreadPongs.add(flushed);
        }
    }

    @Override
    public void close(CloseCode code) {
        if (closed == null) {
            closed = code;
        }
    }

    @Override
    public void cutSoon() {
        cut = true;
    }
}

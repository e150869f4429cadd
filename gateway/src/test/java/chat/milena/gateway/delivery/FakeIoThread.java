package chat.milena.gateway.delivery;

import chat.milena.gateway.session.ClientSocket;
import chat.milena.protocol.frame.CloseCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// An I/O thread that does one task when told to, and whose sockets' clients read everything at once. Bursts of other
/// threads wait for the same word, each thread for its own.
final class FakeIoThread {
    /// What its sockets wrote, in order.
    final List<Written> written = new CopyOnWriteArrayList<>();

    /// How often they did.
    final AtomicInteger writes = new AtomicInteger();

    private final boolean alone;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    /// Other threads may write to its sockets.
    FakeIoThread() {
        this(false);
    }

    /// @param alone whether nobody else may write to its sockets
    FakeIoThread(boolean alone) {
        this.alone = alone;
    }

    record Written(String userId, String frame) {}

    int waiting() {
        return tasks.size();
    }

    /// Does the next task.
    ///
    /// @return false if there was none
    boolean step() {
        Runnable task = tasks.poll();
        if (task == null) {
            return false;
        }
        task.run();
        return true;
    }

    List<String> framesOf(String userId) {
        return written.stream()
                .filter(one -> one.userId().equals(userId))
                .map(Written::frame)
                .toList();
    }

    ClientSocket socket(String userId) {
        return new ClientSocket() {
            @Override
            public void execute(Runnable task) {
                tasks.add(task);
            }

            @Override
            public void executeBurst(Runnable burst) {
                if (alone) {
                    execute(burst);
                    return;
                }
                CountDownLatch done = new CountDownLatch(1);
                tasks.add(() -> {
                    burst.run();
                    done.countDown();
                });
                try {
                    done.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }

            @Override
            public void write(List<ByteBuffer> frames, Runnable flushed) {
                writes.incrementAndGet();
                frames.forEach(frame -> written.add(new Written(
                        userId, StandardCharsets.UTF_8.decode(frame.duplicate()).toString())));
                flushed.run();
            }

            @Override
            public void pong(ByteBuffer payload, Runnable flushed) {}

            @Override
            public void close(CloseCode code) {}

            @Override
            public void cutSoon() {}
        };
    }
}

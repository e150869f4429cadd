package chat.milena.gateway.connection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A few sockets' writes that go to the I/O threads together, one task for each thread; the next ones only when those
/// are done. So whoever sends much through it has at most one slice in front of anybody else's frame.
///
/// For one thread. **Bound:** an I/O thread that does not take its part in time is waited for no longer; what was
/// handed to it stays there.
public final class WriteSlice {
    private static final Logger LOG = LoggerFactory.getLogger(WriteSlice.class);

    private final Duration takenWithin;
    private final IdentityHashMap<Object, Part> parts = new IdentityHashMap<>();
    private CountDownLatch underWay = new CountDownLatch(0);
    private int size;

    /// What one I/O thread has to do, handed over by way of one of its sockets.
    private record Part(Socket socket, List<Runnable> bursts) {}

    /// @param takenWithin how long an I/O thread is waited for
    public WriteSlice(Duration takenWithin) {
        this.takenWithin = takenWithin;
    }

    void add(Socket socket, Runnable burst) {
        parts.computeIfAbsent(socket.ioThread(), thread -> new Part(socket, new ArrayList<>()))
                .bursts()
                .add(burst);
        size++;
    }

    /// Sockets whose writes wait for [#handOver].
    public int size() {
        return size;
    }

    /// Waits for the writes handed over before, then hands over what was added since. An interrupt ends the waiting
    /// only: nothing that was added is kept back.
    public void handOver() throws InterruptedException {
        if (size == 0) {
            return;
        }
        try {
            if (!underWay.await(takenWithin.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.warn("I/O threads are busy for over {} ms", takenWithin.toMillis());
            }
        } finally {
            CountDownLatch taken = new CountDownLatch(parts.size());
            underWay = taken;
            parts.values().forEach(part -> part.socket().execute(() -> write(part.bursts(), taken)));
            parts.clear();
            size = 0;
        }
    }

    private static void write(List<Runnable> bursts, CountDownLatch taken) {
        for (Runnable burst : bursts) {
            try {
                burst.run();
            } catch (RuntimeException e) {
                // One broken socket must not keep the others' frames.
                LOG.error("A burst failed", e);
            }
        }
        taken.countDown();
    }
}

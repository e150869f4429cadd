package chat.milena.gateway.connection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Many sockets' writes that go to the I/O threads a slice at a time, one task for each thread; the next slice only
/// when the last one is done. So whoever sends much through it has at most one slice in front of anybody else's frame.
///
/// For one thread. **Bound:** an I/O thread that does not take its part in time is waited for no longer; what was
/// handed to it stays there. What waits here is one write for each socket at most.
public final class WriteSlices {
    private static final Logger LOG = LoggerFactory.getLogger(WriteSlices.class);

    private final Duration takenWithin;
    private final List<Write> waiting = new ArrayList<>();
    private CountDownLatch underWay = new CountDownLatch(0);

    private record Write(Socket socket, Runnable burst) {}

    /// @param takenWithin how long an I/O thread is waited for
    public WriteSlices(Duration takenWithin) {
        this.takenWithin = takenWithin;
    }

    void add(Socket socket, Runnable burst) {
        waiting.add(new Write(socket, burst));
    }

    /// Hands over all that was added, each slice when the one before is done. An interrupt ends the waiting only:
    /// nothing that was added is kept back.
    ///
    /// @param sizeMax sockets of a slice
    public void handOver(int sizeMax) throws InterruptedException {
        boolean interrupted = false;
        for (int from = 0; from < waiting.size(); from += sizeMax) {
            if (!interrupted) {
                try {
                    await();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            handOver(waiting.subList(from, Math.min(waiting.size(), from + sizeMax)));
        }
        waiting.clear();
        if (interrupted) {
            throw new InterruptedException("while a slice was being written");
        }
    }

    private void await() throws InterruptedException {
        if (!underWay.await(takenWithin.toNanos(), TimeUnit.NANOSECONDS)) {
            LOG.warn("I/O threads are busy for over {} ms", takenWithin.toMillis());
        }
    }

    private void handOver(List<Write> slice) {
        IdentityHashMap<Object, List<Write>> parts = new IdentityHashMap<>();
        for (Write write : slice) {
            parts.computeIfAbsent(write.socket().ioThread(), thread -> new ArrayList<>())
                    .add(write);
        }
        CountDownLatch taken = new CountDownLatch(parts.size());
        underWay = taken;
        parts.values().forEach(part -> part.getFirst().socket().execute(() -> write(part, taken)));
    }

    private static void write(List<Write> part, CountDownLatch taken) {
        for (Write write : part) {
            try {
                write.burst().run();
            } catch (RuntimeException e) {
                // One broken socket must not keep the others' frames.
                LOG.error("A burst failed", e);
            }
        }
        taken.countDown();
    }
}

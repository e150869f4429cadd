package chat.milena.gateway.session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes to many sockets on one thread, a slice at a time with pauses in between. So I/O threads and processors
/// stay free for other frames: a thousand writes in one go keep a processor busy for ten milliseconds.
///
/// A socket that only its I/O thread may write to gets its write as a task there, without waiting for it.
///
/// For one thread. **Bound:** at most one write for each socket and delivery waits here.
public final class WriteSlices {
    private static final Logger LOG = LoggerFactory.getLogger(WriteSlices.class);

    private final int socketsMax;
    private final long everyNanos;
    private final long withinNanos;
    private final List<Write> waiting = new ArrayList<>();

    private record Write(ClientSocket socket, Runnable burst) {}

    /// @param socketsMax of a slice
    /// @param every minimum time from the start of one slice to the next
    /// @param within maximum sum of all pauses: the more slices, the shorter each pause
    public WriteSlices(int socketsMax, Duration every, Duration within) {
        this.socketsMax = socketsMax;
        this.everyNanos = every.toNanos();
        this.withinNanos = within.toNanos();
    }

    void add(ClientSocket socket, Runnable burst) {
        waiting.add(new Write(socket, burst));
    }

    /// Writes everything that was added. An interrupt ends only the pauses: nothing is kept back.
    ///
    /// @param hurried called before each pause; true skips it
    public void write(BooleanSupplier hurried) throws InterruptedException {
        int slices = Math.ceilDiv(waiting.size(), socketsMax);
        long pauseNanos = Math.min(everyNanos, withinNanos / Math.max(1, slices));
        long nextNanos = 0;
        boolean interrupted = false;
        for (int slice = 0; slice < slices; slice++) {
            if (slice > 0 && !interrupted && !hurried.getAsBoolean()) {
                interrupted = isInterruptedUntil(nextNanos);
            }
            nextNanos = System.nanoTime() + pauseNanos;
            int from = slice * socketsMax;
            waiting.subList(from, Math.min(waiting.size(), from + socketsMax)).forEach(WriteSlices::write);
        }
        waiting.clear();
        if (interrupted) {
            throw new InterruptedException("between two slices");
        }
    }

    private static boolean isInterruptedUntil(long endNanos) {
        for (long left = endNanos - System.nanoTime(); left > 0; left = endNanos - System.nanoTime()) {
            if (Thread.interrupted()) {
                return true;
            }
            LockSupport.parkNanos(left);
        }
        return false;
    }

    private static void write(Write write) {
        try {
            write.socket().executeBurst(write.burst());
        } catch (RuntimeException e) {
            // One broken socket must not delay the frames of others.
            LOG.error("A burst failed", e);
        }
    }
}

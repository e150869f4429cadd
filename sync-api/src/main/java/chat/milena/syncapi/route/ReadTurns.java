package chat.milena.syncapi.route;

import chat.milena.syncapi.barrier.Deadline;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Bounds the parallel reads of stores, so that one processor is free for sequencing and delivering messages,
/// however many long pages are requested. The others wait, in order of arrival, until their deadline. Safe for all
/// threads.
final class ReadTurns {
    private final Semaphore turns;

    /// @param max how many at the same time; at least 1
    ReadTurns(int max) {
        this.turns = new Semaphore(max, true);
    }

    /// All processors except one.
    static ReadTurns ofThisMachine() {
        return new ReadTurns(Math.max(1, Runtime.getRuntime().availableProcessors() - 1));
    }

    /// Reads once there is a turn.
    ///
    /// @throws UnansweredException if there was none in time
    <T> T take(Deadline deadline, Supplier<T> read) throws UnansweredException, InterruptedException {
        if (!turns.tryAcquire(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
            throw new UnansweredException("too many reads were before it");
        }
        try {
            return read.get();
        } finally {
            turns.release();
        }
    }
}

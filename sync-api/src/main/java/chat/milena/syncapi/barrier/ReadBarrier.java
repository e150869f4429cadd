package chat.milena.syncapi.barrier;

import chat.milena.streams.progress.ViewProgress;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.TopicPartition;

/// Holds a read back until the views show everything that was committed before it came. Safe for all threads.
///
/// The invariant (design, number 4): everything that was acked before a read is before the end of its partition at
/// that time, and the read waits until the views have reached that end.
public final class ReadBarrier {
    private final EndOffsets ends;
    private final Timer waited;

    public ReadBarrier(EndOffsets ends, MeterRegistry meters) {
        this.ends = ends;
        this.waited = Timer.builder("milena.sync.barrier")
                .description("From a read's arrival until the views have caught up with it")
                .register(meters);
    }

    /// The views have not caught up, and the time is over.
    public static final class BehindException extends Exception {
        private static final long serialVersionUID = 1L;

        BehindException(String message) {
            super(message);
        }
    }

    /// The offsets that the views must reach for a read that comes now.
    ///
    /// @param log the partitions that it is answered from
    /// @throws BehindException if the brokers do not answer in time
    public Map<TopicPartition, Long> raise(Set<TopicPartition> log, Deadline deadline)
            throws BehindException, InterruptedException {
        try {
            return ends.of(log).get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new BehindException("the brokers did not return the ends of the log in time");
        } catch (ExecutionException e) {
            throw new BehindException("the ends of the log are unknown: " + e.getCause());
        }
    }

    /// Returns when the views have reached them.
    ///
    /// @throws BehindException if they do not in time
    public void pass(Map<TopicPartition, Long> barrier, ViewProgress progress, Deadline deadline)
            throws BehindException, InterruptedException {
        long began = System.nanoTime();
        boolean passed = progress.await(barrier, deadline.left());
        waited.record(Duration.ofNanos(System.nanoTime() - began));
        if (!passed) {
            throw new BehindException(progress.lag(barrier) + " records behind");
        }
    }
}

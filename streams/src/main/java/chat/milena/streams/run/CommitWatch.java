package chat.milena.streams.run;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// How long what an application handled has waited for its commit, over all of its stream threads.
///
/// Before the commit nothing of it is seen by anybody: this is the part of a message's way that its sender feels. Safe
/// for all threads.
public final class CommitWatch {
    private final Set<Lane> lanes = ConcurrentHashMap.newKeySet();
    private final LongSupplier nanoTime;
    private final Timer commits;

    /// @param nanoTime tells how time goes by
    /// @param commits how long what was first in each transaction waited
    public CommitWatch(LongSupplier nanoTime, Timer commits) {
        this.nanoTime = nanoTime;
        this.commits = commits;
    }

    /// Of an application, timed as `milena.commit`.
    public static CommitWatch of(String application, MeterRegistry meters) {
        return new CommitWatch(
                System::nanoTime,
                Timer.builder("milena.commit")
                        .description("From the first record of a transaction until all of it is committed")
                        .tag("application", application)
                        .register(meters));
    }

    /// How long what has waited longest has waited; nothing where all is committed.
    public Duration waited() {
        long now = nanoTime.getAsLong();
        return lanes.stream()
                .map(lane -> lane.waited(now))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /// For one more stream thread.
    Lane lane() {
        return new Lane();
    }

    /// What one stream thread has handled and not committed; written by that thread alone.
    final class Lane {
        private volatile boolean waiting;
        private volatile long sinceNanos;

        private Lane() {
            lanes.add(this);
        }

        void handled() {
            if (!waiting) {
                sinceNanos = nanoTime.getAsLong();
                waiting = true;
            }
        }

        void committed() {
            if (waiting) {
                waiting = false;
                commits.record(Duration.ofNanos(nanoTime.getAsLong() - sinceNanos));
            }
        }

        /// The thread is over; what it did not commit is handled again by another.
        void closed() {
            lanes.remove(this);
        }

        private Duration waited(long nowNanos) {
            return waiting ? Duration.ofNanos(Math.max(0, nowNanos - sinceNanos)) : Duration.ZERO;
        }
    }
}

package chat.milena.streams.run;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// How long handled records have waited for their commit, over all stream threads of an application.
///
/// Nobody sees the results before the commit, so this wait is part of the latency that a sender sees. Safe for all
/// threads.
public final class CommitWatch {
    private final Set<Lane> lanes = ConcurrentHashMap.newKeySet();
    private final LongSupplier nanoTime;
    private final Timer commits;

    /// @param nanoTime the time source
    /// @param commits how long the first record of each transaction waited
    public CommitWatch(LongSupplier nanoTime, Timer commits) {
        this.nanoTime = nanoTime;
        this.commits = commits;
    }

    /// The watch of an application, timed as `milena.commit`.
    public static CommitWatch of(String application, MeterRegistry meters) {
        return new CommitWatch(
                System::nanoTime,
                Timer.builder("milena.commit")
                        .description("From the first record of a transaction until all of it is committed")
                        .tag("application", application)
                        .register(meters));
    }

    /// The wait of the record that has waited longest; zero if everything is committed.
    public Duration waited() {
        long now = nanoTime.getAsLong();
        return lanes.stream()
                .map(lane -> lane.waited(now))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /// A lane for one more stream thread.
    Lane lane() {
        return new Lane();
    }

    /// The records that one stream thread has handled and not committed; written by that thread only.
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

        /// The thread has ended; another one handles its uncommitted records again.
        void closed() {
            lanes.remove(this);
        }

        private Duration waited(long nowNanos) {
            return waiting ? Duration.ofNanos(Math.max(0, nowNanos - sinceNanos)) : Duration.ZERO;
        }
    }
}

package chat.milena.gateway.resume;

import chat.milena.runtime.config.Settings;
import java.time.Duration;

/// How far back a gateway replays for clients that resume, and its bounds. Immutable.
///
/// @param within how long a client may wait for it
public record ResumeConfig(Recent recent, Behind missed, Scans scans, Duration within) {
    private static final long MIB = 1L << 20;

    /// For a machine of two processors.
    public static final ResumeConfig DEFAULT = new ResumeConfig(
            new Recent(200_000, 32 * MIB, Duration.ofMinutes(2)),
            new Behind(5_000, 8 * MIB, 64 * MIB),
            new Scans(2, 50_000, 32 * MIB),
            Duration.ofSeconds(5));

    public ResumeConfig {
        if (!within.isPositive()) {
            throw new IllegalArgumentException("within must be positive");
        }
    }

    /// Reads the settings, and notes errors there.
    public static ResumeConfig of(Settings settings) {
        return new ResumeConfig(Recent.of(settings), Behind.of(settings), DEFAULT.scans, DEFAULT.within);
    }

    /// The same with these bounds on recent deliveries.
    public ResumeConfig with(Recent other) {
        return new ResumeConfig(other, missed, scans, within);
    }

    /// The same with these bounds on what clients may have missed.
    public ResumeConfig with(Behind other) {
        return new ResumeConfig(recent, other, scans, within);
    }

    /// The same with these bounds on reading the log.
    public ResumeConfig with(Scans other) {
        return new ResumeConfig(recent, missed, other, within);
    }

    /// Deliveries that are buffered in memory.
    ///
    /// @param deliveriesMax of all shards
    /// @param bytesMax the same in bytes of memory, approximately; both may be twice as much for a while when many
    /// clients resume from long ago
    /// @param keptFor how long they are kept at most
    public record Recent(int deliveriesMax, long bytesMax, Duration keptFor) {
        public Recent {
            if (deliveriesMax < 0 || bytesMax < 0 || keptFor.isNegative()) {
                throw new IllegalArgumentException("bounds on recent deliveries must not be negative");
            }
        }

        private static Recent of(Settings settings) {
            Recent usual = DEFAULT.recent;
            return usual.with(
                    settings.integer("MILENA_RESUME_RECENT_MAX", usual.deliveriesMax, 0, 10_000_000),
                    settings.integer(
                            "MILENA_RESUME_RECENT_BYTES_MAX", Math.toIntExact(usual.bytesMax), 0, Integer.MAX_VALUE));
        }

        /// The same with these bounds on their number.
        public Recent with(int otherDeliveriesMax, long otherBytesMax) {
            return new Recent(otherDeliveriesMax, otherBytesMax, keptFor);
        }
    }

    /// What clients may have missed.
    ///
    /// @param deliveriesMax of one client; beyond it, it must sync
    /// @param bytesMax the same in bytes
    /// @param bytesOfAllMax missed bytes of all clients that are not written to them yet; beyond it, further
    /// clients must sync
    public record Behind(int deliveriesMax, long bytesMax, long bytesOfAllMax) {
        public Behind {
            if (deliveriesMax < 0 || bytesMax < 0 || bytesOfAllMax < 0) {
                throw new IllegalArgumentException("bounds on missed deliveries must not be negative");
            }
        }

        private static Behind of(Settings settings) {
            Behind usual = DEFAULT.missed;
            return new Behind(
                    settings.integer("MILENA_RESUME_MISSED_MAX", usual.deliveriesMax, 0, 1_000_000),
                    usual.bytesMax,
                    usual.bytesOfAllMax);
        }
    }

    /// Reads of the log for deliveries that are no longer in memory.
    ///
    /// @param max clients that do so at the same time
    /// @param deliveriesMax deliveries that one of them reads; earlier ones are not read
    /// @param bytesMax the same in bytes
    public record Scans(int max, int deliveriesMax, long bytesMax) {
        public Scans {
            if (max < 0 || deliveriesMax < 0 || bytesMax < 0) {
                throw new IllegalArgumentException("bounds on reading the log must not be negative");
            }
        }
    }
}

package chat.milena.streams.run;

import chat.milena.runtime.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// How the Streams applications of a process run. Validated as a whole.
///
/// @param instanceId names this process among those of the installation, the same after each restart, so that it
/// takes its partitions back immediately
/// @param stateFolder the folder of the state stores
/// @param threads stream threads of each application; more than the partitions of its source are idle
/// @param commitInterval how long a record waits for its transaction to commit at low load, the price of
/// exactly-once
/// @param commitIntervalMax the same at high load; see [CommitPacing]
/// @param takeoverAfter how long a member may be silent before others take over its partitions
/// @param standbys further members that keep a copy of each part of the state, and can take it over without a restore
/// @param kafkaMetrics whether the metrics of Kafka Streams and its clients are shown too
public record StreamsConfiguration(
        String instanceId,
        Path stateFolder,
        int threads,
        Duration commitInterval,
        Duration commitIntervalMax,
        Duration takeoverAfter,
        int standbys,
        boolean kafkaMetrics) {
    private static final int THREADS_MAX = 64;
    private static final int STANDBYS_MAX = 3;
    private static final Duration TAKEOVER_AFTER = Duration.ofSeconds(10);
    private static final Duration TAKEOVER_AFTER_MIN = Duration.ofSeconds(2);
    private static final Duration TAKEOVER_AFTER_MAX = Duration.ofMinutes(5);
    private static final Duration COMMIT_INTERVAL_BOUND = Duration.ofSeconds(1);

    /// A checked configuration.
    ///
    /// @throws IllegalArgumentException that names every error
    public StreamsConfiguration {
        List<String> errors = new ArrayList<>();
        if (instanceId.isBlank()) {
            errors.add("instanceId must not be blank");
        }
        if (threads < 1 || threads > THREADS_MAX) {
            errors.add("threads must be 1 to " + THREADS_MAX);
        }
        if (commitInterval.toMillis() < 1) {
            errors.add("commitInterval must be at least 1 ms");
        }
        if (commitIntervalMax.compareTo(commitInterval) < 0 || commitIntervalMax.compareTo(COMMIT_INTERVAL_BOUND) > 0) {
            errors.add("commitIntervalMax must be at least commitInterval and at most 1 s");
        }
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException("Streams: " + String.join("; ", errors));
        }
    }

    /// Reads the settings, for state in this folder.
    public static StreamsConfiguration of(Settings settings, Path stateFolder) {
        Duration shortest = commitInterval(settings, "MILENA_COMMIT_INTERVAL", Duration.ofMillis(5));
        Duration longest = commitInterval(settings, "MILENA_COMMIT_INTERVAL_MAX", Duration.ofMillis(50));
        return new StreamsConfiguration(
                settings.text("MILENA_INSTANCE_ID", "1"),
                stateFolder,
                settings.integer("MILENA_STREAM_THREADS", 1, 1, THREADS_MAX),
                shortest,
                // A longer minimum also raises the maximum.
                longest.compareTo(shortest) < 0 ? shortest : longest,
                settings.duration("MILENA_TAKEOVER_AFTER", TAKEOVER_AFTER, TAKEOVER_AFTER_MIN, TAKEOVER_AFTER_MAX),
                settings.integer("MILENA_STANDBYS", 0, 0, STANDBYS_MAX),
                settings.flag("MILENA_KAFKA_METRICS", false));
    }

    private static Duration commitInterval(Settings settings, String name, Duration otherwise) {
        return settings.duration(name, otherwise, Duration.ofMillis(1), COMMIT_INTERVAL_BOUND);
    }
}

package chat.milena.streams.run;

import chat.milena.runtime.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// How the Streams applications of a process run. Validated as a whole.
///
/// @param instanceId names this process among its like in an installation, the same after each restart, so that it
///     takes its own place again at once
/// @param stateFolder where the state stores live
/// @param threads stream threads of each application; more than partitions of its source is waste
/// @param commitInterval how long a record waits for its transaction to commit, the price of exactly-once, while few
/// come
/// @param commitIntervalMax the same while very many come; see [CommitPacing]
public record StreamsConfiguration(
        String instanceId, Path stateFolder, int threads, Duration commitInterval, Duration commitIntervalMax) {
    private static final int THREADS_MAX = 64;
    private static final Duration COMMIT_INTERVAL_BOUND = Duration.ofSeconds(1);

    /// A checked configuration.
    ///
    /// @throws IllegalArgumentException that names everything that is wrong
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

    /// What the environment says, for state in this folder.
    public static StreamsConfiguration of(Settings environment, Path stateFolder) {
        Duration shortest = commitInterval(environment, "MILENA_COMMIT_INTERVAL", Duration.ofMillis(5));
        Duration longest = commitInterval(environment, "MILENA_COMMIT_INTERVAL_MAX", Duration.ofMillis(50));
        return new StreamsConfiguration(
                environment.text("MILENA_INSTANCE_ID", "1"),
                stateFolder,
                environment.integer("MILENA_STREAM_THREADS", 1, 1, THREADS_MAX),
                shortest,
                // Who asks for a longer one need not say it twice.
                longest.compareTo(shortest) < 0 ? shortest : longest);
    }

    private static Duration commitInterval(Settings environment, String name, Duration otherwise) {
        return environment.duration(name, otherwise, Duration.ofMillis(1), COMMIT_INTERVAL_BOUND);
    }
}

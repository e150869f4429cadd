package chat.milena.topology.sequencer;

import chat.milena.runtime.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// How a sequencer process runs. Validated as a whole.
///
/// @param instanceId names this process among the sequencers of an installation, the same after each restart, so that
///     it takes its own place again at once
/// @param stateFolder where the state stores live
/// @param threads stream threads; more than partitions of the inbound topic is waste
/// @param commitInterval how long a command may wait for its transaction to commit: the price of exactly-once
/// @param membersMax members of a conversation
/// @param cachedMembersMax memberships that each task keeps in memory
/// @param messageRetention how long a messageId is remembered; as long as messages are kept
public record SequencerConfig(
        String instanceId,
        Path stateFolder,
        int threads,
        Duration commitInterval,
        int membersMax,
        int cachedMembersMax,
        Duration messageRetention) {

    private static final int THREADS_MAX = 64;
    private static final Duration COMMIT_INTERVAL_MAX = Duration.ofSeconds(1);

    /// A checked configuration.
    ///
    /// @throws IllegalArgumentException that names everything that is wrong
    public SequencerConfig {
        List<String> errors = new ArrayList<>();
        require(!instanceId.isBlank(), "instanceId must not be blank", errors);
        require(threads >= 1 && threads <= THREADS_MAX, "threads must be 1 to " + THREADS_MAX, errors);
        require(
                commitInterval.isPositive() && commitInterval.compareTo(COMMIT_INTERVAL_MAX) <= 0,
                "commitInterval must be above 0 and at most 1 s",
                errors);
        require(membersMax >= 2, "membersMax must be at least 2", errors);
        require(cachedMembersMax >= membersMax, "cachedMembersMax must be at least membersMax", errors);
        require(
                messageRetention.compareTo(Duration.ofMinutes(1)) >= 0,
                "messageRetention must be at least a minute",
                errors);
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException("Sequencer: " + String.join("; ", errors));
        }
    }

    /// What the environment says, for state in this folder.
    public static SequencerConfig of(Settings environment, Path stateFolder, Duration messageRetention) {
        return new SequencerConfig(
                environment.text("MILENA_INSTANCE_ID", "1"),
                stateFolder,
                environment.integer("MILENA_SEQUENCER_THREADS", 1, 1, THREADS_MAX),
                environment.duration(
                        "MILENA_SEQUENCER_COMMIT_INTERVAL",
                        Duration.ofMillis(5),
                        Duration.ofMillis(1),
                        COMMIT_INTERVAL_MAX),
                environment.integer("MILENA_MEMBERS_MAX", 1_000, 2, 10_000),
                environment.integer("MILENA_SEQUENCER_CACHED_MEMBERS", 200_000, 10_000, 100_000_000),
                messageRetention);
    }

    private static void require(boolean holds, String error, List<String> errors) {
        if (!holds) {
            errors.add(error);
        }
    }
}

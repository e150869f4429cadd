package chat.milena.topology.sequencer;

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

    /// @throws IllegalArgumentException that names everything that is wrong
    public SequencerConfig {
        List<String> errors = new ArrayList<>();
        require(!instanceId.isBlank(), "instanceId must not be blank", errors);
        require(threads >= 1 && threads <= 64, "threads must be 1 to 64", errors);
        require(
                commitInterval.isPositive() && commitInterval.compareTo(Duration.ofSeconds(1)) <= 0,
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

    private static void require(boolean holds, String error, List<String> errors) {
        if (!holds) {
            errors.add(error);
        }
    }
}

package chat.milena.topology.sequencer;

import chat.milena.runtime.config.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The settings of the sequencer. Validated as a whole.
///
/// @param membersMax members of a conversation
/// @param largeFrom members from which on the fanout application makes a conversation's deliveries
/// @param receiptsMax up to how many members all of them are shown a receipt
/// @param cachedMembersMax memberships that each task keeps in memory; each conversation counts as one more
/// @param messageRetention how long a messageId is remembered; as long as messages are kept
/// @param editWithin how long a message may be edited; zero for no bound
/// @param evidenceKeep how long a copy of a reported message is kept at most
/// @param deviceLife how long a registration for push counts that its device does not repeat
public record SequencerConfig(
        int membersMax,
        int largeFrom,
        int receiptsMax,
        int cachedMembersMax,
        Duration messageRetention,
        Duration editWithin,
        Duration deviceLife,
        Duration evidenceKeep) {

    /// The default for copies of reported messages.
    public static final Duration EVIDENCE_KEEP = Duration.ofDays(30);

    /// The default of a registration's life.
    public static final Duration DEVICE_LIFE = Duration.ofDays(90);

    /// A checked configuration.
    ///
    /// @throws IllegalArgumentException that names every error
    public SequencerConfig {
        List<String> errors = new ArrayList<>();
        require(membersMax >= 2, "membersMax must be at least 2", errors);
        require(largeFrom >= 2, "largeFrom must be at least 2", errors);
        require(receiptsMax >= 2, "receiptsMax must be at least 2", errors);
        require(cachedMembersMax >= membersMax, "cachedMembersMax must be at least membersMax", errors);
        require(
                messageRetention.compareTo(Duration.ofMinutes(1)) >= 0,
                "messageRetention must be at least a minute",
                errors);
        require(!editWithin.isNegative(), "editWithin must not be negative", errors);
        require(deviceLife.isPositive(), "deviceLife must be positive", errors);
        require(evidenceKeep.isPositive(), "evidenceKeep must be positive", errors);
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException("Sequencer: " + String.join("; ", errors));
        }
    }

    /// Reads the settings.
    public static SequencerConfig of(Settings settings, Duration messageRetention) {
        return new SequencerConfig(
                settings.integer("MILENA_MEMBERS_MAX", 1_000, 2, 10_000),
                settings.integer("MILENA_LARGE_GROUP_FROM", 100, 2, 10_000),
                settings.integer("MILENA_RECEIPTS_BROADCAST_MAX", 100, 2, 1_000),
                settings.integer("MILENA_SEQUENCER_CACHED_MEMBERS", 200_000, 10_000, 100_000_000),
                messageRetention,
                settings.duration("MILENA_EDIT_WITHIN", Duration.ZERO, Duration.ZERO, Duration.ofDays(3_650)),
                settings.duration("MILENA_DEVICE_LIFE", DEVICE_LIFE, Duration.ofDays(2), Duration.ofDays(3_650)),
                settings.duration("MILENA_EVIDENCE_KEEP", EVIDENCE_KEEP, Duration.ofMinutes(1), Duration.ofDays(365)));
    }

    private static void require(boolean holds, String error, List<String> errors) {
        if (!holds) {
            errors.add(error);
        }
    }
}

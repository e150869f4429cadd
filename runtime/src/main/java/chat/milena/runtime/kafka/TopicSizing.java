package chat.milena.runtime.kafka;

import chat.milena.runtime.config.Settings;
import chat.milena.schemas.topic.Sizing;
import java.time.Duration;

/// Reads the size of an installation from settings.
///
/// Topics by user and topics by shard of users always have the same number of partitions, since applications join
/// them.
public final class TopicSizing {
    /// Partitions of the topics of one machine: each one written to costs a transaction marker at each commit.
    private static final int ONE_MACHINE_PARTITIONS_MAX = 64;

    private static final int PARTITIONS_MAX = 10_000;
    private static final int COPIES_MAX = 9;

    private TopicSizing() {}

    /// For one machine with one broker. Errors are noted in the settings.
    public static Sizing ofOneMachine(Settings settings) {
        Sizing usual = Sizing.EMBEDDED;
        int partitions =
                settings.integer("MILENA_PARTITIONS", usual.conversationPartitions(), 1, ONE_MACHINE_PARTITIONS_MAX);
        return withTimes(settings, usual.withPartitions(partitions));
    }

    /// For a cluster: `MILENA_SIZING`, in which further settings replace single values. Errors are noted in the
    /// settings.
    public static Sizing ofCluster(Settings settings) {
        Sizing usual = settings.read("MILENA_SIZING", Sizing.EMBEDDED, TopicSizing::named);
        int all = settings.integer("MILENA_PARTITIONS", 0, 1, PARTITIONS_MAX);
        int byConversation = settings.integer(
                "MILENA_CONVERSATION_PARTITIONS", all == 0 ? usual.conversationPartitions() : all, 1, PARTITIONS_MAX);
        int byUser =
                settings.integer("MILENA_USER_PARTITIONS", all == 0 ? usual.userPartitions() : all, 1, PARTITIONS_MAX);
        int copies = settings.integer("MILENA_REPLICATION", usual.replicationFactor(), 1, COPIES_MAX);
        int minInsync =
                settings.integer("MILENA_MIN_INSYNC", Math.min(usual.minInsyncReplicas(), copies), 1, COPIES_MAX);
        if (minInsync > copies) {
            settings.refuse("MILENA_MIN_INSYNC " + minInsync + " must be at most MILENA_REPLICATION " + copies
                    + ": no write would be accepted");
            minInsync = copies;
        }
        return withTimes(settings, usual.withPartitions(byConversation, byUser).withCopies(copies, minInsync));
    }

    private static Sizing withTimes(Settings settings, Sizing sizing) {
        return sizing.withMessageRetention(settings.duration(
                        "MILENA_RETENTION", sizing.messageRetention(), Duration.ofHours(1), Duration.ofDays(3_650)))
                .withEraseWithin(settings.duration(
                        "MILENA_ERASE_WITHIN", sizing.eraseWithin(), Duration.ofSeconds(30), Duration.ofDays(365)));
    }

    private static Sizing named(String text) {
        return switch (text) {
            case "small" -> Sizing.EMBEDDED;
            case "cluster" -> Sizing.CLUSTER;
            default -> throw new IllegalArgumentException("must be small or cluster");
        };
    }
}

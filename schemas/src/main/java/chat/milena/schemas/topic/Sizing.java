package chat.milena.schemas.topic;

import java.time.Duration;

/// The size of an installation. Partition counts are permanent: keys and shards hash by them.
///
/// @param conversationPartitions partitions of every topic that is partitioned by conversation
/// @param userPartitions partitions of every topic that is partitioned by user
/// @param shards partitions of the deliveries topic
/// @param replicationFactor copies of each record
/// @param minInsyncReplicas copies that must be written before a record counts
/// @param messageRetention how long messages are kept
/// @param eraseWithin how long deleted or edited content may stay on the disk
public record Sizing(
        int conversationPartitions,
        int userPartitions,
        int shards,
        int replicationFactor,
        int minInsyncReplicas,
        Duration messageRetention,
        Duration eraseWithin) {

    private static final Duration ERASE_WITHIN = Duration.ofDays(1);

    /// One small machine: every partition written to costs a transaction marker at each commit, so there are few.
    public static final Sizing EMBEDDED = new Sizing(2, 2, 2, 1, 1, Duration.ofDays(30));

    /// A cluster of three brokers or more. Each copy but one may be lost without a loss of records.
    public static final Sizing CLUSTER = new Sizing(32, 32, 32, 3, 2, Duration.ofDays(30));

    public Sizing {
        requirePositive(conversationPartitions, "conversationPartitions");
        requirePositive(userPartitions, "userPartitions");
        requirePositive(shards, "shards");
        requirePositive(replicationFactor, "replicationFactor");
        requirePositive(minInsyncReplicas, "minInsyncReplicas");
        if (minInsyncReplicas > replicationFactor) {
            throw new IllegalArgumentException("minInsyncReplicas must not exceed replicationFactor");
        }
        if (eraseWithin.isNegative() || eraseWithin.isZero()) {
            throw new IllegalArgumentException("eraseWithin must be positive");
        }
        if (messageRetention.isNegative() || messageRetention.isZero()) {
            throw new IllegalArgumentException("messageRetention must be positive");
        }
    }

    /// With the default time to erase.
    public Sizing(
            int conversationPartitions,
            int userPartitions,
            int shards,
            int replicationFactor,
            int minInsyncReplicas,
            Duration messageRetention) {
        this(
                conversationPartitions,
                userPartitions,
                shards,
                replicationFactor,
                minInsyncReplicas,
                messageRetention,
                ERASE_WITHIN);
    }

    /// The same, with deleted or edited content off the disk within this time.
    public Sizing withEraseWithin(Duration within) {
        return new Sizing(
                conversationPartitions,
                userPartitions,
                shards,
                replicationFactor,
                minInsyncReplicas,
                messageRetention,
                within);
    }

    /// The same, with this retention of messages.
    public Sizing withMessageRetention(Duration retention) {
        return new Sizing(
                conversationPartitions,
                userPartitions,
                shards,
                replicationFactor,
                minInsyncReplicas,
                retention,
                eraseWithin);
    }

    /// The same, with this many partitions of each topic.
    public Sizing withPartitions(int partitions) {
        return withPartitions(partitions, partitions);
    }

    /// The same, with these partitions.
    ///
    /// @param byUser also of topics by shard
    public Sizing withPartitions(int byConversation, int byUser) {
        return new Sizing(
                byConversation, byUser, byUser, replicationFactor, minInsyncReplicas, messageRetention, eraseWithin);
    }

    /// The same, with these copies of each record.
    ///
    /// @param minInsync copies that must be written before a record counts
    public Sizing withCopies(int copies, int minInsync) {
        return new Sizing(
                conversationPartitions, userPartitions, shards, copies, minInsync, messageRetention, eraseWithin);
    }

    private static void requirePositive(int value, String name) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1");
        }
    }
}

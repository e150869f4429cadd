package chat.milena.schemas.topic;

import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.wire.AvroSerde;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;

/// One topic: its name, layout and records. Immutable.
///
/// @param batchBytesMax size of the largest batch of records, and so of the largest record, that the topic takes
public record TopicSpec<K extends LogKey, V extends SpecificRecord>(
        String name,
        int partitions,
        int replicationFactor,
        int minInsyncReplicas,
        Life life,
        int batchBytesMax,
        Serde<K> keys,
        AvroSerde<V> values) {
    /// How long records stay.
    ///
    /// @param retention how long they are kept, negative for ever; null where only compaction removes them
    /// @param eraseWithin how long one may stay on the disk once another one of its key has replaced it; null
    /// where that does not matter
    public record Life(
            Cleanup cleanup,
            @Nullable Duration retention,
            @Nullable Duration eraseWithin) {}

    private static final Duration SEGMENT_LIFE_MAX = Duration.ofDays(1);
    /// What Kafka takes without a setting.
    private static final Duration FILE_DELETE_DELAY_MAX = Duration.ofMinutes(1);

    /// The name under which a registry has the schemas of the values.
    public String subject() {
        return name + "-value";
    }

    /// How records leave.
    public Cleanup cleanup() {
        return life.cleanup();
    }

    /// How long records are kept, negative for ever; null where only compaction removes them.
    public @Nullable Duration retention() {
        return life.retention();
    }

    /// The partition of a record with this key.
    public int partitionOf(K key) {
        return key.partition(partitions);
    }

    /// A topic of the same layout, with another name, cleanup and retention.
    public TopicSpec<K, V> as(String otherName, Cleanup otherCleanup, @Nullable Duration otherRetention) {
        return new TopicSpec<>(
                otherName,
                partitions,
                replicationFactor,
                minInsyncReplicas,
                new Life(otherCleanup, otherRetention, life.eraseWithin()),
                batchBytesMax,
                keys,
                values);
    }

    /// The same with another number of partitions.
    public TopicSpec<K, V> withPartitions(int other) {
        return new TopicSpec<>(name, other, replicationFactor, minInsyncReplicas, life, batchBytesMax, keys, values);
    }

    /// The topic-level settings that Kafka must show for this topic.
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, cleanup().policy());
        settings.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(minInsyncReplicas));
        // A copy that lacks acknowledged records never leads, even if no other one is left.
        settings.put(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "false");
        settings.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(batchBytesMax));
        // Time never goes back within a conversation: after the correction of a clock that ran ahead, its records
        // are in the future. If the broker rejected them, the sequencer could not continue.
        settings.put(TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, Long.toString(Long.MAX_VALUE));
        Duration retention = retention();
        if (retention != null) {
            settings.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(retention.toMillis()));
        }
        segments(settings);
        return settings;
    }

    /// Kafka deletes and compacts only closed segments, so a segment must be closed well before its content must
    /// be gone. A third of the time is for closing, a third for waiting, and the last one for the cleaner's work.
    /// Kafka keeps the replaced files for up to a quarter of that last third.
    private void segments(Map<String, String> settings) {
        if (life.eraseWithin() != null) {
            settings.put(
                    TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG,
                    Long.toString(segmentLife().toMillis()));
            long delayMillis =
                    Math.min(FILE_DELETE_DELAY_MAX.toMillis(), segmentLife().toMillis() / 4);
            settings.put(TopicConfig.FILE_DELETE_DELAY_MS_CONFIG, Long.toString(delayMillis));
        }
        if (life.eraseWithin() != null || cleanup() == Cleanup.DELETE) {
            settings.put(
                    TopicConfig.SEGMENT_MS_CONFIG, Long.toString(segmentLife().toMillis()));
        }
    }

    /// How long a segment is written to before it is closed.
    public Duration segmentLife() {
        Duration eraseWithin = life.eraseWithin();
        if (eraseWithin != null) {
            return eraseWithin.dividedBy(3);
        }
        Duration retention = retention();
        if (retention == null || retention.isNegative()) {
            return SEGMENT_LIFE_MAX;
        }
        return retention.compareTo(SEGMENT_LIFE_MAX) > 0 ? SEGMENT_LIFE_MAX : retention;
    }
}

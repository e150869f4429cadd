package chat.milena.schemas.topic;

import chat.milena.schemas.key.LogKey;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;

/// One topic: what it is called, how it is laid out and what its records are. Immutable.
///
/// @param retention how long records are kept; null where only compaction removes them
/// @param batchBytesMax size of the largest batch of records, and so of the largest record, that the topic takes
public record TopicSpec<K extends LogKey, V extends SpecificRecord>(
        String name,
        int partitions,
        int replicationFactor,
        int minInsyncReplicas,
        Cleanup cleanup,
        @Nullable Duration retention,
        int batchBytesMax,
        Serde<K> keys,
        Serde<V> values) {

    /// The partition that a record with this key belongs to.
    public int partitionOf(K key) {
        return key.partition(partitions);
    }

    /// A topic of the same layout, with another name and life of its records.
    public TopicSpec<K, V> as(String otherName, Cleanup otherCleanup, @Nullable Duration otherRetention) {
        return new TopicSpec<>(
                otherName,
                partitions,
                replicationFactor,
                minInsyncReplicas,
                otherCleanup,
                otherRetention,
                batchBytesMax,
                keys,
                values);
    }

    /// The topic-level settings that Kafka must show for this topic.
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, cleanup.policy());
        settings.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(minInsyncReplicas));
        settings.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(batchBytesMax));
        // Time never goes back within a conversation: after a clock that ran ahead was corrected, its records are of
        // the
        // future. Were they refused, the sequencer could not go on.
        settings.put(TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, Long.toString(Long.MAX_VALUE));
        if (retention != null) {
            settings.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(retention.toMillis()));
        }
        return settings;
    }
}

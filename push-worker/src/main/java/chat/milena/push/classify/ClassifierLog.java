package chat.milena.push.classify;

import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.schemas.topic.TopicCatalogue;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// The clients by which classifiers are asked: a group of all processes, and transactions of this one. Their names
/// begin with that of the moderation application, which has the permissions.
///
/// @param instanceId names the process
record ClassifierLog(KafkaClients clients, String instanceId) {
    static final String GROUP = "milena-moderation-classifier";

    /// Where a partition begins without a committed position: the first classifier of an installation judges what was
    /// sent since it was put, but looks no further back.
    private static final Duration LOOK_BACK = Duration.ofHours(1);

    /// Retention has deleted the records at a committed position.
    private static final String RESET = "earliest";

    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(1);
    private static final int RECORDS_MAX = 200;
    private static final int TIMEOUT_MILLIS = 20_000;

    /// Until the transaction of a killed process is aborted, the sequencer reads no command behind it. There is no
    /// state to restore after an abort, so it may be short.
    private static final int TRANSACTION_MILLIS = 5_000;

    KafkaConsumer<byte[], byte[]> consumer() {
        Map<String, Object> asked = new HashMap<>();
        asked.put(ConsumerConfig.GROUP_ID_CONFIG, GROUP);
        asked.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, instanceId);
        asked.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
        asked.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2_000);
        asked.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        asked.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, RESET);
        asked.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, RECORDS_MAX);
        asked.put(
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                IsolationLevel.READ_COMMITTED.toString().toLowerCase(Locale.ROOT));
        asked.put(ConsumerConfig.METRIC_REPORTER_CLASSES_CONFIG, "");
        return new KafkaConsumer<>(clients.consumer(asked), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /// Sets the positions of partitions that have no committed one. The consumer's own reset by a duration does not: it
    /// never finds a position in a partition where nothing was written since.
    ///
    /// @param partitions assigned ones
    static void begin(KafkaConsumer<byte[], byte[]> consumer, Set<TopicPartition> partitions, Instant now) {
        if (partitions.isEmpty()) {
            return;
        }
        long from = now.minus(LOOK_BACK).toEpochMilli();
        Map<TopicPartition, Long> moments = new HashMap<>();
        partitions.forEach(partition -> moments.put(partition, from));
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        consumer.offsetsForTimes(moments)
                .forEach((partition, found) -> consumer.seek(
                        partition, found == null ? Objects.requireNonNull(ends.get(partition)) : found.offset()));
    }

    KafkaProducer<byte[], byte[]> producer() {
        Map<String, Object> asked = new HashMap<>();
        asked.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, GROUP + "-" + instanceId);
        asked.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_MILLIS);
        // As for Streams: the first write of a transaction is rejected until the markers of the last one are written.
        asked.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        asked.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 1L);
        asked.put(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG, 20L);
        asked.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TIMEOUT_MILLIS);
        asked.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
        asked.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS / 2);
        asked.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, TopicCatalogue.EXTENDED_BATCH_BYTES_MAX);
        asked.put(ProducerConfig.METRIC_REPORTER_CLASSES_CONFIG, "");
        return new KafkaProducer<>(clients.producer(asked), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /// Another process takes the partitions immediately.
    static void leave(KafkaConsumer<byte[], byte[]> consumer) {
        consumer.close(
                CloseOptions.timeout(CLOSE_WITHIN).withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
    }
}

package chat.milena.standalone.service;

import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.topic.TopicSpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Finds the latest values of a few keys of a compacted topic, by reading their partition from its beginning: slow, but
/// independent of everything but the brokers. For one thread.
final class LatestRecords implements AutoCloseable {
    private static final Duration ASK_WITHIN = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration READ_WITHIN = Duration.ofMinutes(5);

    private final KafkaConsumer<byte[], byte[]> consumer;

    LatestRecords(KafkaClients clients) {
        consumer = new KafkaConsumer<>(
                clients.consumer(Map.of(
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed")),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /// The values of all keys that begin with these bytes, by key.
    ///
    /// @param any a key of the partition
    <K extends LogKey, V extends SpecificRecord> Map<K, V> find(TopicSpec<K, V> topic, K any, byte[] prefix) {
        TopicPartition partition = new TopicPartition(topic.name(), topic.partitionOf(any));
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        long end = consumer.endOffsets(List.of(partition), ASK_WITHIN).getOrDefault(partition, 0L);
        long deadline = System.nanoTime() + READ_WITHIN.toNanos();
        Map<K, V> found = new LinkedHashMap<>();
        while (consumer.position(partition, ASK_WITHIN) < end) {
            if (System.nanoTime() - deadline > 0) {
                throw new TimeoutException(partition + " was not read within " + READ_WITHIN.toMinutes() + " minutes");
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.key() != null && startsWith(record.key(), prefix)) {
                    note(topic, record, found);
                }
            }
        }
        return found;
    }

    private static <K extends LogKey, V extends SpecificRecord> void note(
            TopicSpec<K, V> topic, ConsumerRecord<byte[], byte[]> record, Map<K, V> found) {
        K key = topic.keys().deserializer().deserialize(topic.name(), record.key());
        if (record.value() == null) {
            found.remove(key);
        } else {
            found.put(key, topic.values().deserializer().deserialize(topic.name(), record.value()));
        }
    }

    private static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    @Override
    public void close() {
        consumer.close();
    }
}

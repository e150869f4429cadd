package chat.milena.standalone.operate;

import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.kafka.PartitionReader;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.topic.TopicSpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// Finds the latest values of a few keys of a compacted topic, by reading their partition from its beginning: slow, but
/// independent of everything but the brokers. For one thread.
final class LatestRecords implements AutoCloseable {
    private static final Duration WITHIN = Duration.ofSeconds(10);

    private final PartitionReader reader;

    LatestRecords(KafkaClients clients) {
        reader = PartitionReader.open(clients, WITHIN);
    }

    /// The values of all keys that begin with these bytes, by key.
    ///
    /// @param any a key of the partition
    <K extends LogKey, V extends SpecificRecord> Map<K, V> find(TopicSpec<K, V> topic, K any, byte[] prefix) {
        TopicPartition partition = new TopicPartition(topic.name(), topic.partitionOf(any));
        Map<K, V> found = new LinkedHashMap<>();
        reader.read(partition, PartitionReader.BEGINNING, record -> {
            if (record.key() != null && startsWith(record.key(), prefix)) {
                note(topic, record, found);
            }
            return true;
        });
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
        reader.close();
    }
}

package chat.milena.push.send;

import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.kafka.PartitionReader;
import chat.milena.schemas.key.DeviceKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.topic.TopicSpec;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// Reads and writes the log for the commands of operators.
record OperatorLog(KafkaClients clients) {
    /// Longest time to read one partition.
    private static final Duration READ_WITHIN = Duration.ofMinutes(5);

    PartitionReader reader() {
        return PartitionReader.open(clients, READ_WITHIN);
    }

    KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                clients.producer(Map.of(ProducerConfig.ACKS_CONFIG, "all")),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /// Where the records of a user are.
    static TopicPartition partition(TopicSpec<DeviceKey, ?> topic, UserKey user) {
        return new TopicPartition(topic.name(), topic.partitionOf(new DeviceKey(user, "")));
    }

    /// Null for a tombstone.
    static <V extends SpecificRecord> @Nullable V value(TopicSpec<?, V> topic, ConsumerRecord<byte[], byte[]> record) {
        return record.value() == null ? null : topic.values().deserializer().deserialize(topic.name(), record.value());
    }

    static <K extends LogKey, V extends SpecificRecord> Future<RecordMetadata> send(
            KafkaProducer<byte[], byte[]> producer, TopicSpec<K, V> topic, K key, V value) {
        return producer.send(new ProducerRecord<>(
                topic.name(),
                topic.partitionOf(key),
                key.toBytes(),
                topic.values().serializer().serialize(topic.name(), value)));
    }

    /// Waits until a record is in the log.
    static void sent(Future<RecordMetadata> write) throws InterruptedException {
        try {
            write.get();
        } catch (ExecutionException e) {
            throw new KafkaException("a record could not be written", e.getCause());
        }
    }
}

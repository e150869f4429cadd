package chat.milena.push.send;

import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.schemas.key.DeviceKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.topic.TopicSpec;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// Reads and writes the log for the commands of operators, which belong to no group and commit nothing.
record OperatorLog(KafkaClients clients) {
    /// How long the brokers may take for one question.
    static final Duration ASK_WITHIN = Duration.ofSeconds(10);

    private static final Duration POLL = Duration.ofMillis(100);

    KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                clients.consumer(Map.of(
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed")),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
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

    /// Reads on while it is asked to.
    ///
    /// @param handler takes the key and the value; null for a tombstone
    static <V extends SpecificRecord> void read(
            KafkaConsumer<byte[], byte[]> consumer,
            TopicSpec<DeviceKey, V> topic,
            BooleanSupplier isWanted,
            BiConsumer<byte[], @Nullable V> handler) {
        while (isWanted.getAsBoolean()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                handler.accept(
                        record.key(),
                        record.value() == null
                                ? null
                                : topic.values().deserializer().deserialize(topic.name(), record.value()));
            }
        }
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

package chat.milena.runtime.kafka;

import chat.milena.schemas.topic.TopicSpec;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// Copies the committed records of one topic into the same partitions of another, in order, with their times and
/// headers. Their offsets change.
final class TopicCopy {
    private static final Duration POLL = Duration.ofMillis(200);
    /// Maximum time without progress: the transactions of a killed process end by themselves after a minute.
    private static final Duration STILL_WITHIN = Duration.ofSeconds(90);

    private final TopicSpec<?, ?> from;
    private final TopicSpec<?, ?> to;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    private TopicCopy(
            TopicSpec<?, ?> from,
            TopicSpec<?, ?> to,
            KafkaConsumer<byte[], byte[]> consumer,
            KafkaProducer<byte[], byte[]> producer) {
        this.from = from;
        this.to = to;
        this.consumer = consumer;
        this.producer = producer;
    }

    /// Copies the records between two offsets of each partition.
    ///
    /// @param ends where to stop, whether the records before it are committed yet or not: an open transaction is
    /// waited for
    /// @throws TopicException if not all records were copied
    static void copy(
            TopicSpec<?, ?> from,
            TopicSpec<?, ?> to,
            Map<TopicPartition, Long> starts,
            Map<TopicPartition, Long> ends,
            KafkaClients clients)
            throws TopicException {
        Map<String, Object> reading = Map.of(
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none",
                ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                ConsumerConfig.METRIC_REPORTER_CLASSES_CONFIG, "");
        Map<String, Object> writing = Map.of(
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.LINGER_MS_CONFIG,
                5,
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                2 * to.batchBytesMax(),
                ProducerConfig.METRIC_REPORTER_CLASSES_CONFIG,
                "");
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                        clients.consumer(reading), new ByteArrayDeserializer(), new ByteArrayDeserializer());
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        clients.producer(writing), new ByteArraySerializer(), new ByteArraySerializer())) {
            new TopicCopy(from, to, consumer, producer).run(starts, ends);
        } catch (KafkaException e) {
            throw new TopicException("cannot copy " + from.name() + ": " + e.getMessage(), e);
        }
    }

    private void run(Map<TopicPartition, Long> starts, Map<TopicPartition, Long> ends) throws TopicException {
        consumer.assign(starts.keySet());
        starts.forEach(consumer::seek);
        long movedAt = System.nanoTime();
        while (!isAtEnd(ends)) {
            for (ConsumerRecord<byte[], byte[]> one : consumer.poll(POLL)) {
                send(one);
                movedAt = System.nanoTime();
            }
            if (System.nanoTime() - movedAt > STILL_WITHIN.toNanos()) {
                throw new TopicException("cannot copy " + from.name() + ": Kafka returns no more records");
            }
        }
        producer.flush();
        check();
    }

    private boolean isAtEnd(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private void send(ConsumerRecord<byte[], byte[]> record) throws TopicException {
        check();
        Long time = record.timestamp() < 0 ? null : record.timestamp();
        var _ = producer.send(
                new ProducerRecord<>(
                        to.name(), record.partition(), time, record.key(), record.value(), record.headers()),
                (written, e) -> {
                    if (e != null) {
                        failure.compareAndSet(null, e);
                    }
                });
    }

    private void check() throws TopicException {
        Exception e = failure.get();
        if (e != null) {
            throw new TopicException("cannot copy " + from.name() + ": " + e.getMessage(), e);
        }
    }
}

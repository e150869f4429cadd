package chat.milena.runtime.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/// Reads partitions of the log from an offset to the end that they have now, for steps of a start and for operators.
/// Committed records only. For one thread.
///
/// A call that the brokers leave without an answer, or without a further record, fails with a [TimeoutException]
/// in time, so that no caller takes a part for the whole. It keeps no records.
public final class PartitionReader implements AutoCloseable {
    /// Before the first record of any partition.
    public static final long BEGINNING = 0;

    private static final Duration POLL = Duration.ofMillis(100);

    private final Consumer<byte[], byte[]> consumer;
    private final Duration within;

    /// @param consumer without an assignment that is still needed
    /// @param within how long the brokers may take for an answer, or for the next record
    PartitionReader(Consumer<byte[], byte[]> consumer, Duration within) {
        this.consumer = consumer;
        this.within = within;
    }

    /// A reader with a consumer of its own.
    ///
    /// @param within how long the brokers may take for an answer, or for the next record
    public static PartitionReader open(KafkaClients clients, Duration within) {
        Map<String, Object> asked = Map.of(
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
                ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                ConsumerConfig.METRIC_REPORTER_CLASSES_CONFIG, "");
        return new PartitionReader(
                new KafkaConsumer<>(clients.consumer(asked), new ByteArrayDeserializer(), new ByteArrayDeserializer()),
                within);
    }

    /// Whether the log has this partition.
    public boolean exists(TopicPartition partition) {
        return consumer.partitionsFor(partition.topic(), within).size() > partition.partition();
    }

    private long end(TopicPartition partition) {
        return consumer.endOffsets(List.of(partition), within).getOrDefault(partition, BEGINNING);
    }

    /// The offset of the first record that is not older than this; the end if there is none.
    public long since(TopicPartition partition, Instant time) {
        OffsetAndTimestamp found = consumer.offsetsForTimes(Map.of(partition, Math.max(0, time.toEpochMilli())), within)
                .get(partition);
        return found == null ? end(partition) : found.offset();
    }

    /// Reads up to the present end.
    ///
    /// @param first the offset to begin with
    /// @param handler receives each record, and says whether to continue
    /// @return the offset after the last one that it received, or the end
    public long read(TopicPartition partition, long first, Predicate<ConsumerRecord<byte[], byte[]>> handler) {
        long end = end(partition);
        consumer.assign(List.of(partition));
        if (first <= BEGINNING) {
            consumer.seekToBeginning(List.of(partition));
        } else {
            consumer.seek(partition, first);
        }
        long position = -1;
        long movedNanos = System.nanoTime();
        for (long next = consumer.position(partition, within);
                next < end;
                next = consumer.position(partition, within)) {
            if (next > position) {
                position = next;
                movedNanos = System.nanoTime();
            } else if (System.nanoTime() - movedNanos > within.toNanos()) {
                throw new TimeoutException(
                        "no record of " + partition + " from " + next + " on within " + within.toSeconds() + " s");
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (!handler.test(record)) {
                    return record.offset() + 1;
                }
            }
        }
        return consumer.position(partition, within);
    }

    /// The first record from an offset on; null if there is none before the present end.
    public @Nullable ConsumerRecord<byte[], byte[]> first(TopicPartition partition, long from) {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>(1);
        read(partition, from, record -> !found.add(record));
        return found.isEmpty() ? null : found.getFirst();
    }

    @Override
    public void close() {
        consumer.close();
    }
}

package chat.milena.runtime.schema;

import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.kafka.TopicException;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.SchemaIds;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/// Rejects a log that was written with ids of another source: each id would name another schema. It looks at the
/// oldest value of each partition.
final class SchemaIdsCheck implements Component {
    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final int HEADER_BYTES = 5;

    private final List<TopicSpec<?, ?>> topics;
    private final SchemaIds ids;
    private final KafkaClients clients;

    /// @param topics which the process may read
    SchemaIdsCheck(List<TopicSpec<?, ?>> topics, SchemaIds ids, KafkaClients clients) {
        this.topics = topics;
        this.ids = ids;
        this.clients = clients;
    }

    @Override
    public String name() {
        return "schema ids";
    }

    @Override
    public void start() throws TopicException {
        Map<String, Object> asked = Map.of(
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                10,
                ConsumerConfig.METRIC_REPORTER_CLASSES_CONFIG,
                "");
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                clients.consumer(asked), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            check(consumer);
        } catch (KafkaException e) {
            throw new TopicException("cannot read the oldest records: " + e.getMessage(), e);
        }
    }

    @Override
    public void stop(Duration within) {
        // There is nothing to undo.
    }

    private void check(KafkaConsumer<byte[], byte[]> consumer) throws TopicException {
        List<TopicPartition> all = new ArrayList<>();
        for (TopicSpec<?, ?> topic : topics) {
            for (int partition = 0; partition < topic.partitions(); partition++) {
                all.add(new TopicPartition(topic.name(), partition));
            }
        }
        Map<TopicPartition, Long> ends = consumer.endOffsets(all, WITHIN);
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(all, WITHIN);
        Set<TopicPartition> open = new HashSet<>(all);
        open.removeIf(one -> begins.getOrDefault(one, 0L) >= ends.getOrDefault(one, 0L));
        consumer.assign(open);
        consumer.seekToBeginning(open);
        long deadline = System.nanoTime() + WITHIN.toNanos();
        while (!open.isEmpty() && System.nanoTime() - deadline < 0) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                if (record.value() != null && open.remove(partition)) {
                    check(record);
                }
            }
            open.removeIf(one -> consumer.position(one, WITHIN) >= ends.getOrDefault(one, 0L));
            consumer.pause(consumer.assignment().stream()
                    .filter(one -> !open.contains(one))
                    .toList());
        }
    }

    private void check(ConsumerRecord<byte[], byte[]> record) throws TopicException {
        String expected = topics.stream()
                .filter(topic -> topic.name().equals(record.topic()))
                .findFirst()
                .orElseThrow()
                .values()
                .schema()
                .getFullName();
        String found = nameOf(record.value());
        if (!expected.equals(found)) {
            throw new TopicException("the log was written with other ids of schemas: the value of " + record.topic()
                    + "-" + record.partition() + " at offset " + record.offset() + " is "
                    + (found == null ? "unknown" : found)
                    + ". MILENA_SCHEMA_REGISTRY_URL must be as it was at the first start"
                    + " of this log");
        }
    }

    private @Nullable String nameOf(byte[] value) {
        if (value.length < HEADER_BYTES || value[0] != 0) {
            return null;
        }
        try {
            return ids.schemaOf(ByteBuffer.wrap(value).getInt(1)).getFullName();
        } catch (SerializationException e) {
            return null;
        }
    }
}

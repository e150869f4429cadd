package chat.milena.runtime.schema;

import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.kafka.PartitionReader;
import chat.milena.runtime.kafka.TopicException;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.SchemaIds;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/// Rejects a log that was written with ids of another source: each id would name another schema. It looks at the
/// oldest values of each topic: one of the right record is enough, and bytes that are no value prove nothing, since any
/// program may have written them.
final class SchemaIdsCheck implements Component {
    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final int HEADER_BYTES = 5;
    /// Values of a partition.
    private static final int SEEN_MAX = 100;
    /// A single value may be junk that looks like one.
    private static final int PROOF = 2;

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
        List<String> others = new ArrayList<>();
        try (PartitionReader reader = PartitionReader.open(clients, WITHIN)) {
            for (TopicSpec<?, ?> topic : topics) {
                if (hasRight(topic, reader, others)) {
                    return;
                }
            }
        } catch (KafkaException e) {
            throw new TopicException("cannot read the oldest records: " + e.getMessage(), e);
        }
        if (others.size() >= PROOF) {
            throw new TopicException("the log was written with other ids of schemas: the value of "
                    + others.getFirst() + ". MILENA_SCHEMA_REGISTRY_URL must be as it was at the first start of this"
                    + " log");
        }
    }

    @Override
    public void stop(Duration within) {
        // There is nothing to undo.
    }

    /// Whether one of the oldest values is of the right record.
    ///
    /// @param others takes the places of the values that are of another one
    private boolean hasRight(TopicSpec<?, ?> topic, PartitionReader reader, List<String> others) {
        String expected = topic.values().schema().getFullName();
        AtomicBoolean isRight = new AtomicBoolean();
        for (int number = 0; number < topic.partitions() && !isRight.get(); number++) {
            AtomicInteger seen = new AtomicInteger();
            reader.read(new TopicPartition(topic.name(), number), PartitionReader.BEGINNING, record -> {
                String found = nameOf(record.value());
                isRight.set(expected.equals(found));
                if (found != null && !isRight.get()) {
                    others.add(record.topic() + "-" + record.partition() + " at offset " + record.offset() + " is "
                            + found);
                }
                return !isRight.get() && seen.incrementAndGet() < SEEN_MAX;
            });
        }
        return isRight.get();
    }

    /// The record of a value; null for bytes that are none.
    private @Nullable String nameOf(byte @Nullable [] value) {
        if (value == null || value.length < HEADER_BYTES || value[0] != 0) {
            return null;
        }
        try {
            return ids.schemaOf(ByteBuffer.wrap(value).getInt(1)).getFullName();
        } catch (SerializationException e) {
            return "unknown";
        }
    }
}

package chat.milena.gateway.delivery;

import chat.milena.runtime.lifecycle.TraceHop;
import chat.milena.runtime.lifecycle.TraceStep;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/// The last steps of traces: each begins when a delivery was read, and ends when all of its frames are in the outboxes.
/// Safe for all threads.
///
/// **Bound.** Of [#OPEN_MAX] steps in progress the oldest one ends.
public final class DeliveryTraces {
    private static final int OPEN_MAX = 1_024;
    private static final String NAME = "deliver";

    private final TraceHop hop;
    private final LinkedHashMap<Place, TraceStep> open = new LinkedHashMap<>();

    private record Place(int shard, long offset) {}

    public DeliveryTraces(TraceHop hop) {
        this.hop = hop;
    }

    /// A consumer of deliveries that begins the steps.
    ///
    /// @param properties as those of [ShardReader#consumer]
    public Consumer<byte[], byte[]> consumer(Map<String, Object> properties) {
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer()) {
            @Override
            public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
                ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
                records.forEach(DeliveryTraces.this::read);
                return records;
            }
        };
    }

    void read(ConsumerRecord<byte[], byte[]> record) {
        TraceStep step = hop.follow(NAME, record.headers());
        if (step == null) {
            return;
        }
        step.note(record.topic(), record.partition(), record.offset());
        TraceStep oldest = null;
        synchronized (open) {
            open.put(new Place(record.partition(), record.offset()), step);
            if (open.size() > OPEN_MAX) {
                oldest = open.pollFirstEntry().getValue();
            }
        }
        end(oldest);
    }

    /// All frames of a delivery are in the outboxes.
    public void dispatched(LoggedDelivery delivery) {
        TraceStep step;
        synchronized (open) {
            step = open.isEmpty() ? null : open.remove(new Place(delivery.shard(), delivery.offset()));
        }
        end(step);
    }

    private static void end(@Nullable TraceStep step) {
        if (step != null) {
            step.end();
        }
    }
}

package chat.milena.streams.progress;

import chat.milena.streams.run.PlainClients;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// The Kafka clients of the views' application: the default ones, except that its consumers report their progress
/// after each poll.
public final class ViewClients extends PlainClients {
    private final ViewProgress progress;

    /// @param progress receives the report of each poll
    public ViewClients(ViewProgress progress) {
        this.progress = progress;
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return new Reporting(config, progress);
    }

    /// Used by one stream thread.
    private static final class Reporting extends KafkaConsumer<byte[], byte[]> {
        private final ViewProgress progress;
        private final int reader;

        private Reporting(Map<String, Object> config, ViewProgress progress) {
            super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            this.progress = progress;
            this.reader = progress.reader();
        }

        @Override
        public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
            Set<TopicPartition> assigned = assignment();
            Map<TopicPartition, Long> positions = HashMap.newHashMap(assigned.size());
            for (TopicPartition partition : assigned) {
                try {
                    positions.put(partition, position(partition, Duration.ZERO));
                } catch (TimeoutException e) {
                    // Not known yet: the partition counts as not started.
                }
            }
            progress.polled(reader, records, positions, assigned);
            return records;
        }
    }
}

package chat.milena.streams.progress;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/// Progress of views that have no consumer: it goes where a test says.
public final class ProgressProbe {
    private final ViewProgress progress = new ViewProgress();
    private final int reader = progress.reader();

    public ViewProgress progress() {
        return progress;
    }

    /// A new consumer has polled these records.
    ///
    /// @param positions where it reads next, of each partition that it is assigned
    public static void polled(
            ViewProgress progress,
            ConsumerRecords<byte[], byte[]> records,
            Map<TopicPartition, Long> positions,
            Set<TopicPartition> assigned) {
        progress.polled(progress.reader(), records, positions, assigned);
    }

    /// Everything before this offset is in the stores.
    public void comesTo(TopicPartition partition, long offset) {
        progress.polled(reader, ConsumerRecords.empty(), Map.of(partition, offset), Set.of(partition));
    }
}

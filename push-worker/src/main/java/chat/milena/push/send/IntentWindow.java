package chat.milena.push.send;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/// The intents in progress, and up to where all of them have ended. Bounded; safe for all threads.
///
/// An intent that has ended stays in the window while an earlier one of its partition has not: an offset is committed
/// once everything before it has ended. Beside it is committed from where on results must be read after a crash, to
/// find
/// those of intents behind it.
final class IntentWindow {
    private static final long OPEN = -1;

    private final int max;
    private final Map<TopicPartition, Lane> lanes = new HashMap<>();
    private int size;

    /// One partition.
    private static final class Lane {
        private long next;
        private long results;
        private long committed;
        /// Offset → that of its result, or [#OPEN].
        private final TreeMap<Long, Long> entries = new TreeMap<>();

        private long position() {
            return entries.isEmpty() ? next : entries.firstKey();
        }

        /// The first result of an intent behind the position.
        private long resultsFrom() {
            return entries.values().stream()
                    .filter(result -> result != OPEN)
                    .mapToLong(result -> result)
                    .min()
                    .orElse(results);
        }
    }

    /// @param max intents in it
    IntentWindow(int max) {
        this.max = max;
    }

    /// A partition is read from a position on.
    ///
    /// @param results the offset of the first result that is not read yet
    synchronized void assigned(TopicPartition partition, long position, long results) {
        Lane lane = new Lane();
        lane.next = position;
        lane.committed = position;
        lane.results = results;
        lanes.put(partition, lane);
    }

    synchronized boolean isFull() {
        return size >= max;
    }

    synchronized int size() {
        return size;
    }

    /// Whether no intent of these partitions is open.
    synchronized boolean isIdle(Collection<TopicPartition> partitions) {
        return lanes.entrySet().stream()
                .filter(lane -> partitions.contains(lane.getKey()))
                .noneMatch(lane -> lane.getValue().entries.containsValue(OPEN));
    }

    /// An intent begins.
    ///
    /// @return whether its partition is read here
    synchronized boolean begins(TopicPartition partition, long offset) {
        Lane lane = lanes.get(partition);
        if (lane == null) {
            return false;
        }
        lane.next = offset + 1;
        lane.entries.put(offset, OPEN);
        size++;
        return true;
    }

    /// A record that is none of this sender's.
    synchronized void passed(TopicPartition partition, long offset) {
        Lane lane = lanes.get(partition);
        if (lane != null) {
            lane.next = offset + 1;
        }
    }

    /// The result of an intent is in the log.
    synchronized void ended(TopicPartition partition, long offset, long resultOffset) {
        Lane lane = lanes.get(partition);
        if (lane == null || lane.entries.replace(offset, resultOffset) == null) {
            return;
        }
        lane.results = Math.max(lane.results, resultOffset + 1);
        while (!lane.entries.isEmpty() && lane.entries.firstEntry().getValue() != OPEN) {
            lane.entries.pollFirstEntry();
            size--;
        }
    }

    /// Partitions are no longer read here.
    synchronized void revoked(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            Lane lane = lanes.remove(partition);
            size -= lane == null ? 0 : lane.entries.size();
        }
    }

    /// No partition is read here any longer.
    synchronized void clear() {
        lanes.clear();
        size = 0;
    }

    /// The positions that moved since the last call.
    synchronized Map<TopicPartition, OffsetAndMetadata> commits() {
        Map<TopicPartition, OffsetAndMetadata> commits = new HashMap<>();
        lanes.forEach((partition, lane) -> {
            if (lane.position() != lane.committed) {
                lane.committed = lane.position();
                commits.put(partition, new OffsetAndMetadata(lane.committed, Long.toString(lane.resultsFrom())));
            }
        });
        return commits;
    }

    /// From where on results must be read.
    ///
    static long resultsFrom(OffsetAndMetadata committed) {
        return committed.metadata().matches("[0-9]{1,18}") ? Long.parseLong(committed.metadata()) : 0;
    }
}

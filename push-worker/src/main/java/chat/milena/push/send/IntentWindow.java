package chat.milena.push.send;

import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/// The intents in progress, and up to where all of them have ended. Safe for all threads.
///
/// An intent that has ended stays in the window while an earlier one of its partition has not: an offset is
/// committed once everything before it has ended. Beside it is committed from where on results must be read after
/// a crash, to find those of intents behind it.
///
/// **Bounds.** A number of intents in progress, and [#ENDED_PER_OPEN] times as many that have ended behind them.
final class IntentWindow {
    /// How many ended intents may wait for each one that may be in progress, so that one slow intent does not stop the
    /// others soon.
    static final int ENDED_PER_OPEN = 16;

    private static final long WAITING = -1;
    private static final long SENDING = -2;
    private static final Pattern METADATA = Pattern.compile("([0-9]{1,18})@([0-9]{1,18})");

    private final int max;
    private final Clock clock;
    private final Map<TopicPartition, Lane> lanes = new HashMap<>();
    private long generations;
    private int open;
    private int size;

    /// From where on results must be read after a crash.
    ///
    /// @param offset the first result that may matter
    /// @param atMillis when that was noted: results from long before do not matter
    record ResultsFrom(long offset, long atMillis) {}

    /// One partition, from its assignment on.
    private static final class Lane {
        private final long generation;
        private long next;
        private long results;
        private long committed;
        private boolean closing;
        /// Offset → that of its result, or [#WAITING] or [#SENDING].
        private final TreeMap<Long, Long> entries = new TreeMap<>();

        private Lane(long generation, long position, long results) {
            this.generation = generation;
            this.next = position;
            this.committed = position;
            this.results = results;
        }

        private long position() {
            return entries.isEmpty() ? next : entries.firstKey();
        }

        /// The first result of an intent behind the position.
        private long resultsFrom() {
            return entries.values().stream()
                    .mapToLong(result -> result)
                    .filter(result -> result >= 0)
                    .min()
                    .orElse(results);
        }
    }

    /// @param max intents in progress
    IntentWindow(int max, Clock clock) {
        this.max = max;
        this.clock = clock;
    }

    /// A partition is read from a position on.
    ///
    /// @param results the offset of the first result that is not read yet
    synchronized void assigned(TopicPartition partition, long position, long results) {
        lanes.put(partition, new Lane(++generations, position, results));
    }

    synchronized boolean isFull() {
        return open >= max || size >= max * ENDED_PER_OPEN;
    }

    /// Intents in progress.
    synchronized int open() {
        return open;
    }

    /// Whether no intent of these partitions is being sent.
    synchronized boolean isIdle(Collection<TopicPartition> partitions) {
        return lanes.entrySet().stream()
                .filter(lane -> partitions.contains(lane.getKey()))
                .noneMatch(lane -> lane.getValue().entries.containsValue(SENDING));
    }

    /// An intent begins.
    ///
    /// @return the assignment that it belongs to; 0 if its partition is not read here
    synchronized long begins(TopicPartition partition, long offset) {
        Lane lane = lanes.get(partition);
        if (lane == null) {
            return 0;
        }
        lane.next = offset + 1;
        lane.entries.put(offset, WAITING);
        open++;
        size++;
        return lane.generation;
    }

    /// An intent asks whether it may be sent, or ended otherwise. Only one that may do so is awaited before the
    /// partition is read elsewhere.
    ///
    /// @param generation what [#begins] returned
    /// @return false if it must be left to the next reader of the partition
    synchronized boolean claims(TopicPartition partition, long offset, long generation) {
        Lane lane = lanes.get(partition);
        if (lane == null || lane.closing || lane.generation != generation) {
            return false;
        }
        return lane.entries.replace(offset, WAITING, SENDING);
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
        Long before = lane == null ? null : lane.entries.get(offset);
        if (lane == null || before == null || before >= 0) {
            return;
        }
        lane.entries.put(offset, resultOffset);
        open--;
        lane.results = Math.max(lane.results, resultOffset + 1);
        while (!lane.entries.isEmpty() && lane.entries.firstEntry().getValue() >= 0) {
            lane.entries.pollFirstEntry();
            size--;
        }
    }

    /// The partitions that are read here.
    synchronized Set<TopicPartition> partitions() {
        return Set.copyOf(lanes.keySet());
    }

    /// Intents of these partitions that are not being sent yet are left to the next reader.
    synchronized void closing(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            Lane lane = lanes.get(partition);
            if (lane != null) {
                lane.closing = true;
            }
        }
    }

    /// Partitions are no longer read here.
    synchronized void revoked(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            Lane lane = lanes.remove(partition);
            if (lane != null) {
                size -= lane.entries.size();
                open -= (int) lane.entries.values().stream()
                        .filter(result -> result < 0)
                        .count();
            }
        }
    }

    /// No partition is read here any longer.
    synchronized void clear() {
        lanes.clear();
        open = 0;
        size = 0;
    }

    /// The positions that moved since the last call.
    synchronized Map<TopicPartition, OffsetAndMetadata> commits() {
        Map<TopicPartition, OffsetAndMetadata> commits = new HashMap<>();
        lanes.forEach((partition, lane) -> {
            if (lane.position() != lane.committed) {
                lane.committed = lane.position();
                commits.put(
                        partition, new OffsetAndMetadata(lane.committed, lane.resultsFrom() + "@" + clock.millis()));
            }
        });
        return commits;
    }

    /// From where on results must be read.
    static ResultsFrom resultsFrom(OffsetAndMetadata committed) {
        Matcher metadata = METADATA.matcher(committed.metadata());
        return metadata.matches()
                ? new ResultsFrom(Long.parseLong(metadata.group(1)), Long.parseLong(metadata.group(2)))
                : new ResultsFrom(0, 0);
    }
}

package chat.milena.streams.progress;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// How far the views of this process have read each partition, in offsets of the log.
///
/// A store's own position counts records only. The end of a partition also counts transaction markers and aborted
/// records, so on a quiet partition the position never reaches it. Progress is therefore measured where markers
/// count: if every record that the consumer returned is in the store, the progress is the consumer's next offset;
/// before that, the offset after the last stored record.
///
/// Safe for all threads: stream threads write, readers wait.
public final class ViewProgress {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final Map<TopicPartition, Mark> marks = new HashMap<>();
    private int waiting;
    private int readers;

    /// @param owner the consumer that reads the partition now
    /// @param next the next offset that it reads
    /// @param polled the last record that it returned, or -1 for none
    /// @param applied the last record that is in the store, or -1 for none
    private record Mark(int owner, long next, long polled, long applied) {
        long position() {
            return applied >= polled ? next : applied + 1;
        }
    }

    /// A number for one more consumer of the log.
    int reader() {
        lock.lock();
        try {
            return ++readers;
        } finally {
            lock.unlock();
        }
    }

    /// A consumer has polled, and is at these positions.
    ///
    /// @param positions the next offset of each assigned partition for which it is known
    /// @param assigned all partitions assigned to it; others that it owned are forgotten
    void polled(
            int owner,
            ConsumerRecords<byte[], byte[]> records,
            Map<TopicPartition, Long> positions,
            Set<TopicPartition> assigned) {
        lock.lock();
        try {
            marks.entrySet().removeIf(entry -> entry.getValue().owner() == owner && !assigned.contains(entry.getKey()));
            positions.forEach((partition, next) ->
                    marks.put(partition, moved(marks.get(partition), owner, records.records(partition), next)));
            signal();
        } finally {
            lock.unlock();
        }
    }

    private static Mark moved(
            @Nullable Mark before, int owner, List<ConsumerRecord<byte[], byte[]>> records, long next) {
        Mark last = before == null || before.owner() != owner ? new Mark(owner, next, -1, -1) : before;
        if (records.isEmpty()) {
            return new Mark(owner, next, last.polled(), last.applied());
        }
        // A record that is read again after a restart of a task may be missing in the store.
        long applied = Math.min(last.applied(), records.getFirst().offset() - 1);
        return new Mark(owner, next, records.getLast().offset(), applied);
    }

    /// A task starts to fill its store: the progress of the partition is unknown until its consumer has polled
    /// again.
    public void begun(String topic, int partition) {
        lock.lock();
        try {
            marks.remove(new TopicPartition(topic, partition));
        } finally {
            lock.unlock();
        }
    }

    /// A record is in its store.
    public void applied(String topic, int partition, long offset) {
        lock.lock();
        try {
            Mark after = marks.computeIfPresent(
                    new TopicPartition(topic, partition),
                    (where, mark) -> new Mark(mark.owner(), mark.next(), mark.polled(), offset));
            if (after != null && offset >= after.polled()) {
                signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private void signal() {
        if (waiting > 0) {
            moved.signalAll();
        }
    }

    /// Whether this process reads all of these partitions now.
    public boolean follows(Set<TopicPartition> partitions) {
        lock.lock();
        try {
            return marks.keySet().containsAll(partitions);
        } finally {
            lock.unlock();
        }
    }

    /// Whether the stores hold every record before these offsets now.
    public boolean reached(Map<TopicPartition, Long> ends) {
        lock.lock();
        try {
            return isReached(ends);
        } finally {
            lock.unlock();
        }
    }

    /// Waits until the stores hold every record before these offsets.
    ///
    /// @return false if the time ran out first
    public boolean await(Map<TopicPartition, Long> ends, Duration within) throws InterruptedException {
        long leftNanos = within.toNanos();
        lock.lock();
        waiting++;
        try {
            while (!isReached(ends)) {
                if (leftNanos <= 0) {
                    return false;
                }
                leftNanos = moved.awaitNanos(leftNanos);
            }
            return true;
        } finally {
            waiting--;
            lock.unlock();
        }
    }

    /// Records, including markers, that are before these offsets and not in the stores.
    public long lag(Map<TopicPartition, Long> ends) {
        lock.lock();
        try {
            return ends.entrySet().stream()
                    .mapToLong(end -> Math.max(0, end.getValue() - positionOf(end.getKey())))
                    .sum();
        } finally {
            lock.unlock();
        }
    }

    private boolean isReached(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> {
            Mark mark = marks.get(end.getKey());
            return mark != null && mark.position() >= end.getValue();
        });
    }

    private long positionOf(TopicPartition partition) {
        Mark mark = marks.get(partition);
        return mark == null ? 0 : mark.position();
    }
}

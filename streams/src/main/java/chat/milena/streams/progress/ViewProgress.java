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

/// How far the views of this process have come in each partition that they read, in offsets of the log.
///
/// A store's own position counts records only, while the end of a partition counts transaction markers and aborted
/// records too, so on a quiet partition it never gets there. Therefore progress is taken where markers count: a
/// partition has come to where its consumer will read next, once every record that this consumer returned is in the
/// store; before that, to behind the last one that is.
///
/// Safe for all threads: stream threads write, readers wait.
public final class ViewProgress {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final Map<TopicPartition, Mark> marks = new HashMap<>();
    private int waiting;
    private int readers;

    /// @param owner the consumer that reads the partition now
    /// @param next where it reads next
    /// @param polled the last record that it returned, or -1 if none
    /// @param applied the last record that is in the store, or -1 if none
    private record Mark(int owner, long next, long polled, long applied) {
        long position() {
            return applied >= polled ? next : applied + 1;
        }
    }

    /// A number for one more consumer that reads the log.
    int reader() {
        lock.lock();
        try {
            return ++readers;
        } finally {
            lock.unlock();
        }
    }

    /// A consumer has polled, and is now here.
    ///
    /// @param positions where it reads next, of each partition that it is assigned and knows this of
    /// @param assigned all that it is assigned; others that were its own are forgotten
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
        // What is read once more, after a task started over, may not be in the store any longer.
        long applied = Math.min(last.applied(), records.getFirst().offset() - 1);
        return new Mark(owner, next, records.getLast().offset(), applied);
    }

    /// A task's store begins to be filled: nothing is known of the partition until its consumer has polled again.
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

    /// Whether all that stands before these offsets is in the stores, now.
    public boolean reached(Map<TopicPartition, Long> ends) {
        lock.lock();
        try {
            return isReached(ends);
        } finally {
            lock.unlock();
        }
    }

    /// Waits until all that stands before these offsets is in the stores.
    ///
    /// @return false if it was not when the time was over
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

    /// Records, markers counted, that stand before these offsets and are not in the stores.
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

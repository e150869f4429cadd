package chat.milena.streams.run;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.processor.TaskId;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The damaged stores of one application that are not rebuilt yet. Safe for all threads.
///
/// A stream thread or a reader that finds damage is stopped by a [TaskCorruptedException]: records missing from a
/// damaged store must never count as deleted. On a stream thread, Kafka Streams then builds the task again from
/// its changelogs; a store that is marked here is deleted first.
public final class StoreDamage {
    private static final Logger LOG = LoggerFactory.getLogger(StoreDamage.class);

    private final Runnable counter;
    private final Set<Place> marked = new HashSet<>();

    private record Place(TaskId task, String store) {}

    /// @param counter counts the damaged stores
    public StoreDamage(Runnable counter) {
        this.counter = counter;
    }

    /// The damage of an application, counted as `milena.store.damaged`.
    public static StoreDamage of(String application, MeterRegistry meters) {
        Counter counter = Counter.builder("milena.store.damaged")
                .description("Damaged stores that were found and are built again from the log")
                .tag("application", application)
                .register(meters);
        return new StoreDamage(counter::increment);
    }

    /// Whether RocksDB reports that the data on disk is not what was written, as opposed to a full or busy disk.
    public static boolean isDamage(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RocksDBException rocks && rocks.getStatus() != null) {
                return isDamage(rocks.getStatus());
            }
        }
        return false;
    }

    private static boolean isDamage(Status status) {
        return switch (status.getCode()) {
            case Corruption -> true;
            // A file of the store is gone.
            case IOError -> String.valueOf(status.getState()).contains("No such file");
            default -> false;
        };
    }

    /// A store is damaged: logs and counts it once until it is rebuilt.
    ///
    /// @return the exception to throw
    public TaskCorruptedException met(TaskId task, String store, Throwable cause) {
        synchronized (marked) {
            if (marked.add(new Place(task, store))) {
                counter.run();
                LOG.error(
                        "The store {} of task {} is damaged and is built again from the log: {}",
                        store,
                        task,
                        cause.getMessage());
            }
        }
        TaskCorruptedException corrupted = new TaskCorruptedException(Set.of(task));
        corrupted.addSuppressed(cause);
        return corrupted;
    }

    /// Whether a store is damaged and must be deleted before it is opened again.
    public boolean isMarked(TaskId task, String store) {
        synchronized (marked) {
            return marked.contains(new Place(task, store));
        }
    }

    /// A store was deleted; its records are read again.
    public void deleted(TaskId task, String store) {
        synchronized (marked) {
            marked.remove(new Place(task, store));
        }
    }

    /// Stops a task in which a reader found a damaged store; for its stream thread.
    public void check(TaskId task) {
        synchronized (marked) {
            if (marked.stream().anyMatch(place -> place.task().equals(task))) {
                throw new TaskCorruptedException(Set.of(task));
            }
        }
    }
}

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

/// Which stores of one application were found damaged and are not rebuilt yet. Safe for all threads.
///
/// A stream thread or a reader that meets damage is stopped by a [TaskCorruptedException]: what a damaged store lacks
/// must never count as gone. Kafka Streams answers it on a stream thread by building the task again from its
/// changelogs; a store that is marked here is deleted before.
public final class StoreDamage {
    private static final Logger LOG = LoggerFactory.getLogger(StoreDamage.class);

    private final Runnable counter;
    private final Set<Place> marked = new HashSet<>();

    private record Place(TaskId task, String store) {}

    /// @param counter counts a store that is found damaged
    public StoreDamage(Runnable counter) {
        this.counter = counter;
    }

    /// Of an application, counted as `milena.store.damaged`.
    public static StoreDamage of(String application, MeterRegistry meters) {
        Counter counter = Counter.builder("milena.store.damaged")
                .description("Stores that were found damaged and are built again from the log")
                .tag("application", application)
                .register(meters);
        return new StoreDamage(counter::increment);
    }

    /// Whether RocksDB says that what is on disk is not what was written; not that the disk is full or busy.
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

    /// A store was found damaged: it is logged and counted once, until it is rebuilt.
    ///
    /// @return what to throw
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

    /// Whether a store was found damaged and must be deleted before it is opened again.
    public boolean isMarked(TaskId task, String store) {
        synchronized (marked) {
            return marked.contains(new Place(task, store));
        }
    }

    /// A store was deleted; what it held is read again.
    public void deleted(TaskId task, String store) {
        synchronized (marked) {
            marked.remove(new Place(task, store));
        }
    }

    /// Stops a task of which a reader found a store damaged; for its stream thread.
    public void check(TaskId task) {
        synchronized (marked) {
            if (marked.stream().anyMatch(place -> place.task().equals(task))) {
                throw new TaskCorruptedException(Set.of(task));
            }
        }
    }
}

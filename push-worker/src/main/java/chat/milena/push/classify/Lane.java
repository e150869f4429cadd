package chat.milena.push.classify;

import java.time.Duration;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// One assignment of a partition. For one thread.
///
/// What is old, after a stop, can wait in the log until the classifier of its tenant has answered some of it: for
/// [#CROWDED_MAX] in a row at most, so that a slow one does not hold up the partition.
final class Lane {
    private static final Duration CROWDED_MAX = Duration.ofSeconds(10);

    private final long id;
    private final TopicPartition partition;
    private final AskedOffsets offsets;
    /// The tenant whose old questions are waited for; null for nobody.
    private @Nullable String crowdedBy;

    private long crowdedNanos;

    /// @param id of the assignment
    Lane(long id, TopicPartition partition, AskedOffsets offsets) {
        this.id = id;
        this.partition = partition;
        this.offsets = offsets;
    }

    long id() {
        return id;
    }

    AskedOffsets offsets() {
        return offsets;
    }

    /// A question of this tenant about something old was added.
    void oldQuestion(String tenant, Asker asker) {
        if (crowdedBy == null && asker.isCrowded(tenant, partition)) {
            crowdedBy = tenant;
            crowdedNanos = System.nanoTime();
        }
    }

    /// Whether more of the partition may be read.
    boolean mayRead(Asker asker) {
        if (crowdedBy != null
                && (!asker.isCrowded(crowdedBy, partition)
                        || System.nanoTime() - crowdedNanos > CROWDED_MAX.toNanos())) {
            crowdedBy = null;
        }
        return crowdedBy == null;
    }
}

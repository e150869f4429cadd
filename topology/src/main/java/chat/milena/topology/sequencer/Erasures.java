package chat.milena.topology.sequencer;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.ToIntFunction;

/// Makes overwritten records erasable: Kafka closes a segment of a log only when a record comes after its time,
/// and compacts only closed ones. In a partition without further writes an earlier content would stay forever, so
/// some empty records are written after it. For the stream thread.
///
/// It knows the records that were overwritten since the task began, the last one of each partition.
///
/// @param <K> finds the partition of a record
final class Erasures<K> {
    /// The first may come too soon after the overwrite to end the segment.
    private static final int RECORDS = 2;

    private final ToIntFunction<K> partitionOf;
    private final BiConsumer<K, Instant> nothing;
    private final Map<Integer, Due<K>> overwritten = new TreeMap<>();

    private record Due<K>(K key, int records) {}

    /// @param nothing writes an empty record to the partition of a key
    Erasures(ToIntFunction<K> partitionOf, BiConsumer<K, Instant> nothing) {
        this.partitionOf = partitionOf;
        this.nothing = nothing;
    }

    /// A record in the partition of this key was overwritten.
    void noted(K key) {
        overwritten.put(partitionOf.applyAsInt(key), new Due<>(key, RECORDS));
    }

    /// Once in each life of a segment.
    void tick(Instant now) {
        overwritten.values().forEach(due -> nothing.accept(due.key, now));
        overwritten.replaceAll((_, due) -> new Due<>(due.key, due.records - 1));
        overwritten.values().removeIf(due -> due.records == 0);
    }
}

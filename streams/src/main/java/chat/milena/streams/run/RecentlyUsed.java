package chat.milena.streams.run;

import java.util.LinkedHashMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// The recently used entries of a store, in memory. For the stream thread.
///
/// Bounded by weight. **Overflow.** The least recently used entry is evicted, and read from its store again when
/// needed. The entry put last stays, whatever its weight. Each entry weighs at least one, so the number of entries
/// is bounded too.
public final class RecentlyUsed<K, V> {
    private final LinkedHashMap<K, V> entries = new LinkedHashMap<>(64, 0.75f, true);
    private final ToIntFunction<V> size;
    private final int weightMax;
    private int weight;

    /// @param size of an entry, from 0 on; its weight is one more
    /// @param weightMax of all entries together
    public RecentlyUsed(ToIntFunction<V> size, int weightMax) {
        this.size = size;
        this.weightMax = weightMax;
    }

    /// The entry in memory under this key, if there is one; it counts as used.
    public @Nullable V get(K key) {
        return entries.get(key);
    }

    /// Puts this entry in place of an earlier one, and evicts others if necessary.
    public void put(K key, V entry) {
        V before = entries.put(key, entry);
        weight += weightOf(entry) - (before == null ? 0 : weightOf(before));
        while (weight > weightMax && entries.size() > 1) {
            weight -= weightOf(entries.pollFirstEntry().getValue());
        }
    }

    private int weightOf(V entry) {
        return 1 + size.applyAsInt(entry);
    }
}

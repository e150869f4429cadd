package chat.milena.streams.run;

import java.util.LinkedHashMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// What was used last of what a store holds, in memory. For the stream thread alone.
///
/// Bounded by weight: beyond it, what was not used for longest is dropped, and read from its store again when needed.
/// The entry put last stays, however heavy. Each entry weighs one at least, so that the number of entries is bounded
/// too.
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

    /// What is in memory under this key, if anything is; it counts as used.
    public @Nullable V get(K key) {
        return entries.get(key);
    }

    /// Keeps this entry in place of an earlier one, and drops others where it must.
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

package chat.milena.streams.run;

import java.util.function.Consumer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;
import org.jspecify.annotations.Nullable;

/// One entry a key, for as long as the store keeps it. For the stream thread.
///
/// A window store drops expired entries in whole segments, so nothing ever scans for them. A lookup reads each live
/// segment, three at most.
///
/// The store's time is that of the newest entry and never goes back, and it would drop entries that are older than the
/// retention immediately. So an entry is filed under its own time or, if that is older, under the time of the newest
/// one. After the correction of a clock that ran ahead, every new entry is thus still remembered, even longer than
/// necessary. Entries from before the clock ran ahead are forgotten too early by as much.
public final class ExpiringEntries<K, V> {
    private final WindowStore<K, V> store;
    private long newestMillis;

    /// Entries of this store.
    public ExpiringEntries(WindowStore<K, V> store) {
        this.store = store;
        this.newestMillis = newestMillis(store);
    }

    /// The time of an entry of the newest segment, which is live while that segment is the newest.
    private static <K, V> long newestMillis(WindowStore<K, V> store) {
        try (KeyValueIterator<Windowed<K>, V> newest = store.backwardAll()) {
            return newest.hasNext() ? newest.next().key.window().start() : 0;
        }
    }

    /// The entry of a key; null without one.
    public @Nullable V find(K key) {
        KeyValue<Long, V> entry = entry(key);
        return entry == null ? null : entry.value;
    }

    /// Hands out the entries with `from <= key <= to`.
    public void range(K from, K to, Consumer<V> taker) {
        try (KeyValueIterator<Windowed<K>, V> entries = store.fetch(from, to, 0L, Long.MAX_VALUE)) {
            entries.forEachRemaining(entry -> taker.accept(entry.value));
        }
    }

    /// Adds the entry of a key that has none.
    public void add(K key, V value, long epochMillis) {
        newestMillis = Math.max(newestMillis, epochMillis);
        store.put(key, value, newestMillis);
    }

    /// Puts an entry in the place of the key's entry, or adds it.
    public void put(K key, V value, long epochMillis) {
        KeyValue<Long, V> entry = entry(key);
        if (entry == null) {
            add(key, value, epochMillis);
        } else {
            store.put(key, value, entry.key);
        }
    }

    /// Removes the entry of a key, if there is one.
    public void delete(K key) {
        KeyValue<Long, V> entry = entry(key);
        if (entry != null) {
            store.put(key, null, entry.key);
        }
    }

    private @Nullable KeyValue<Long, V> entry(K key) {
        try (WindowStoreIterator<V> found = store.fetch(key, 0L, Long.MAX_VALUE)) {
            return found.hasNext() ? found.next() : null;
        }
    }
}

package chat.milena.syncapi.view;

import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.syncapi.read.ConversationViews;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/// The views of the records that are added, as a sync API keeps and reads them, but in memory. For one thread.
public final class ViewsOfLog {
    private final Map<View, KeyValueStore<Bytes, byte[]>> stores = new EnumMap<>(View.class);
    private final ConversationViews views;

    public ViewsOfLog(TopicCatalogue topics) {
        View.all()
                .forEach(view -> stores.put(
                        view, Stores.inMemoryKeyValueStore(view.store()).get()));
        views = new StoreViews(topics, this::store, new UnreadableValues(new SimpleMeterRegistry()));
    }

    private KeyValueStore<Bytes, byte[]> store(View view) {
        return Objects.requireNonNull(stores.get(view));
    }

    /// The next record of a topic.
    public void add(View view, Bytes key, byte @Nullable [] value) {
        store(view).put(key, value);
    }

    /// What reads are answered from.
    public ConversationViews views() {
        return views;
    }

    /// All that a view holds, as hexadecimal digits.
    public NavigableMap<String, String> held(View view) {
        NavigableMap<String, String> held = new TreeMap<>();
        HexFormat hex = HexFormat.of();
        try (KeyValueIterator<Bytes, byte[]> entries = store(view).all()) {
            entries.forEachRemaining(entry -> held.put(hex.formatHex(entry.key.get()), hex.formatHex(entry.value)));
        }
        return held;
    }
}

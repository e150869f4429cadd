package chat.milena.streams.graph;

import chat.milena.schemas.topic.TopicSpec;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.BytesDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.WallclockTimestampExtractor;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/// A global store, in memory, of the latest records of a compacted topic byte for byte.
///
/// Streams reads the topic to its end before any thread handles its first record, and then follows it. The topic must
/// be small.
public final class GlobalTable {
    private GlobalTable() {}

    /// Adds the store to a topology.
    ///
    /// @param source its name in the topology; Streams numbers tasks by the order of these names
    public static void add(Topology topology, String store, String source, TopicSpec<?, ?> topic) {
        topology.addGlobalStore(
                Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(store), Serdes.Bytes(), Serdes.ByteArray())
                        .withLoggingDisabled(),
                source,
                new WallclockTimestampExtractor(),
                new BytesDeserializer(),
                new ByteArrayDeserializer(),
                topic.name(),
                source + "-projector",
                () -> new Projector(store));
    }

    /// Keeps the records as they are.
    private static final class Projector extends ContextualProcessor<Bytes, byte[], Void, Void> {
        private final String store;

        Projector(String store) {
            this.store = store;
        }

        @Override
        public void process(Record<Bytes, byte[]> record) {
            KeyValueStore<Bytes, byte[]> kept = context().getStateStore(store);
            kept.put(record.key(), record.value());
        }
    }
}

package chat.milena.topology.views;

import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// Puts each record of a topic into its view as it is, and says so.
final class ViewProjector implements Processor<Bytes, byte[], Void, Void> {
    private final String storeName;
    private final ViewProgress progress;
    private final Upkeep upkeep;
    private @Nullable Task task;

    /// What a task does for its store beside.
    @FunctionalInterface
    interface Upkeep {
        /// Nothing.
        Upkeep NONE = (context, store) -> {};

        void begin(ProcessorContext<Void, Void> context, KeyValueStore<Bytes, byte[]> store);
    }

    private record Task(ProcessorContext<Void, Void> context, KeyValueStore<Bytes, byte[]> store) {}

    ViewProjector(String storeName, ViewProgress progress, Upkeep upkeep) {
        this.storeName = storeName;
        this.progress = progress;
        this.upkeep = upkeep;
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        Task begun = new Task(context, context.getStateStore(storeName));
        upkeep.begin(context, begun.store());
        task = begun;
    }

    @Override
    public void process(Record<Bytes, byte[]> record) {
        Task current = task;
        if (current == null) {
            throw new IllegalStateException("Not initialized");
        }
        // No record of ours is without a key; one of somebody else's is nothing to show.
        if (record.key() != null) {
            current.store().put(record.key(), record.value());
        }
        current.context()
                .recordMetadata()
                .ifPresent(from -> progress.applied(from.topic(), from.partition(), from.offset()));
    }
}

package chat.milena.syncapi.view;

import chat.milena.streams.graph.TaskProcessor;
import chat.milena.streams.progress.ViewProgress;
import chat.milena.streams.run.StoreDamage;
import java.time.Duration;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/// Puts each record of a topic unchanged into its view, and reports it.
final class ViewProjector implements TaskProcessor.Work<Bytes, byte[]> {
    /// How soon a damaged store that a reader found is rebuilt.
    private static final Duration CHECK_EVERY = Duration.ofSeconds(1);

    private final ProcessorContext<Void, Void> context;
    private final KeyValueStore<Bytes, byte[]> store;
    private final ViewProgress progress;

    /// Further work of a task for its store.
    @FunctionalInterface
    interface Upkeep {
        /// No further work.
        Upkeep NONE = (context, store) -> {};

        void begin(ProcessorContext<Void, Void> context, KeyValueStore<Bytes, byte[]> store);

        /// This and another one.
        default Upkeep and(Upkeep other) {
            return (context, store) -> {
                begin(context, store);
                other.begin(context, store);
            };
        }
    }

    ViewProjector(
            ProcessorContext<Void, Void> context,
            String storeName,
            String topic,
            ViewProgress progress,
            StoreDamage damage,
            Upkeep upkeep) {
        this.context = context;
        this.progress = progress;
        store = context.getStateStore(storeName);
        // Progress of an earlier life of the task is not valid for a rebuilt store.
        progress.begun(topic, context.taskId().partition());
        context.schedule(CHECK_EVERY, PunctuationType.WALL_CLOCK_TIME, now -> damage.check(context.taskId()));
        upkeep.begin(context, store);
    }

    @Override
    public void process(Record<Bytes, byte[]> record) {
        // No record of ours is without a key; one of somebody else's cannot be shown.
        if (record.key() != null) {
            store.put(record.key(), record.value());
        }
        context.recordMetadata().ifPresent(from -> progress.applied(from.topic(), from.partition(), from.offset()));
    }
}

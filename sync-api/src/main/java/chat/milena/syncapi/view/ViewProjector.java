package chat.milena.syncapi.view;

import chat.milena.streams.progress.ViewProgress;
import chat.milena.streams.run.StoreDamage;
import java.time.Duration;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// Puts each record of a topic unchanged into its view, and reports it.
final class ViewProjector implements Processor<Bytes, byte[], Void, Void> {
    /// How soon a damaged store that a reader found is rebuilt.
    private static final Duration CHECK_EVERY = Duration.ofSeconds(1);

    private final String storeName;
    private final String topic;
    private final ViewProgress progress;
    private final StoreDamage damage;
    private final Upkeep upkeep;
    private @Nullable Task task;

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

    private record Task(ProcessorContext<Void, Void> context, KeyValueStore<Bytes, byte[]> store) {}

    ViewProjector(String storeName, String topic, ViewProgress progress, StoreDamage damage, Upkeep upkeep) {
        this.storeName = storeName;
        this.topic = topic;
        this.damage = damage;
        this.progress = progress;
        this.upkeep = upkeep;
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        Task begun = new Task(context, context.getStateStore(storeName));
        // Progress of an earlier life of the task is not valid for a rebuilt store.
        progress.begun(topic, context.taskId().partition());
        context.schedule(CHECK_EVERY, PunctuationType.WALL_CLOCK_TIME, now -> damage.check(context.taskId()));
        upkeep.begin(context, begun.store());
        task = begun;
    }

    @Override
    public void process(Record<Bytes, byte[]> record) {
        Task current = task;
        if (current == null) {
            throw new IllegalStateException("Not initialized");
        }
        // No record of ours is without a key; one of somebody else's cannot be shown.
        if (record.key() != null) {
            current.store().put(record.key(), record.value());
        }
        current.context()
                .recordMetadata()
                .ifPresent(from -> progress.applied(from.topic(), from.partition(), from.offset()));
    }
}

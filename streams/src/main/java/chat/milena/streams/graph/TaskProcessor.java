package chat.milena.streams.graph;

import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;

/// A processor whose work is one object with the life of the task's state: a task that starts again gets a new one. So
/// all that the work needs is there when it is made. For the stream thread.
public final class TaskProcessor<KIn, VIn, KOut, VOut> implements Processor<KIn, VIn, KOut, VOut> {
    private final Function<ProcessorContext<KOut, VOut>, Work<KIn, VIn>> begin;
    private @Nullable Work<KIn, VIn> work;

    /// The work of a task. For the stream thread.
    public interface Work<KIn, VIn> {
        void process(Record<KIn, VIn> record);

        /// Called once, at the end of the task.
        default void close() {}
    }

    private TaskProcessor(Function<ProcessorContext<KOut, VOut>, Work<KIn, VIn>> begin) {
        this.begin = begin;
    }

    /// The processors of a topology.
    ///
    /// @param stores the stores that they use
    /// @param begin makes the work of a task that starts
    public static <KIn, VIn, KOut, VOut> ProcessorSupplier<KIn, VIn, KOut, VOut> supplier(
            Set<StoreBuilder<?>> stores, Function<ProcessorContext<KOut, VOut>, Work<KIn, VIn>> begin) {
        return new ProcessorSupplier<>() {
            @Override
            public Processor<KIn, VIn, KOut, VOut> get() {
                return new TaskProcessor<>(begin);
            }

            @Override
            public Set<StoreBuilder<?>> stores() {
                return stores;
            }
        };
    }

    @Override
    public void init(ProcessorContext<KOut, VOut> context) {
        work = begin.apply(context);
    }

    @Override
    public void process(Record<KIn, VIn> record) {
        if (work == null) {
            throw new IllegalStateException("Not initialized");
        }
        work.process(record);
    }

    @Override
    public void close() {
        if (work != null) {
            work.close();
        }
    }
}

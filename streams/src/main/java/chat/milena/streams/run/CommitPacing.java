package chat.milena.streams.run;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;

/// Makes the processors of a deciding application request commits at the pace of [CommitPace].
///
/// Kafka Streams has one fixed commit interval and no signal that there is nothing more to do. A processor may
/// request a commit; one after every record would be ruinous, one at this pace is not. With exactly-once v2 one
/// transaction holds the work of all tasks of a stream thread, so there is one pace a thread, and the thread's
/// producer reports each commit to it. Safe for all threads.
public final class CommitPacing {
    /// Shorter than any interval: a thread checks it only between two polls.
    private static final Duration LOOK_EVERY = Duration.ofMillis(1);

    private static final long NANOS_IN_MILLI = 1_000_000;

    private final ThreadLocal<CommitPace> paces;
    private final ThreadLocal<CommitWatch.Lane> lanes;

    /// @param config the minimum and maximum time that a transaction stays open
    /// @param watch notified of handled records and commits
    public CommitPacing(StreamsConfiguration config, CommitWatch watch) {
        this(config.commitInterval(), config.commitIntervalMax(), watch);
    }

    /// @param shortest how long a transaction stays open at low load
    /// @param longest how long at most
    /// @param watch notified of handled records and commits
    public CommitPacing(Duration shortest, Duration longest, CommitWatch watch) {
        lanes = ThreadLocal.withInitial(watch::lane);
        paces = ThreadLocal.withInitial(() -> new CommitPace(shortest.toMillis(), longest.toMillis()));
    }

    /// The same processors and stores, at this pace.
    public <KIn, VIn, KOut, VOut> ProcessorSupplier<KIn, VIn, KOut, VOut> of(
            ProcessorSupplier<KIn, VIn, KOut, VOut> supplier) {
        return new ProcessorSupplier<>() {
            @Override
            public Processor<KIn, VIn, KOut, VOut> get() {
                return new Paced<>(supplier.get(), paces, lanes);
            }

            @Override
            public @Nullable Set<StoreBuilder<?>> stores() {
                return supplier.stores();
            }
        };
    }

    /// The Kafka clients of the application: the default ones, except that its producers report their commits.
    public KafkaClientSupplier clients() {
        return new PlainClients() {
            @Override
            public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
                return new Reporting(config, paces, lanes);
            }
        };
    }

    /// Commits on the stream thread that it belongs to.
    private static final class Reporting extends KafkaProducer<byte[], byte[]> {
        private final ThreadLocal<CommitPace> paces;
        private final ThreadLocal<CommitWatch.Lane> lanes;

        private Reporting(
                Map<String, Object> config, ThreadLocal<CommitPace> paces, ThreadLocal<CommitWatch.Lane> lanes) {
            super(config, new ByteArraySerializer(), new ByteArraySerializer());
            this.paces = paces;
            this.lanes = lanes;
        }

        @Override
        public void flush() {
            paces.get().commitBegins(nowMillis());
            super.flush();
        }

        @Override
        public void commitTransaction() {
            super.commitTransaction();
            paces.get().committed(nowMillis());
            lanes.get().committed();
        }

        private static long nowMillis() {
            return System.nanoTime() / NANOS_IN_MILLI;
        }

        @Override
        public void close(Duration timeout) {
            lanes.get().closed();
            lanes.remove();
            super.close(timeout);
        }

        @Override
        public void close() {
            lanes.get().closed();
            lanes.remove();
            super.close();
        }
    }

    /// A processor and its part in the transaction of its thread. For that thread.
    private static final class Paced<KIn, VIn, KOut, VOut> implements Processor<KIn, VIn, KOut, VOut> {
        private static final long NONE = -1;

        private final Processor<KIn, VIn, KOut, VOut> processor;
        private final ThreadLocal<CommitPace> paces;
        private final ThreadLocal<CommitWatch.Lane> lanes;
        private @Nullable ProcessorContext<KOut, VOut> context;
        private long handledIn = NONE;

        private Paced(
                Processor<KIn, VIn, KOut, VOut> processor,
                ThreadLocal<CommitPace> paces,
                ThreadLocal<CommitWatch.Lane> lanes) {
            this.processor = processor;
            this.lanes = lanes;
            this.paces = paces;
        }

        @Override
        public void init(ProcessorContext<KOut, VOut> context) {
            this.context = context;
            context.schedule(LOOK_EVERY, PunctuationType.WALL_CLOCK_TIME, now -> askIfDue(context, now));
            processor.init(context);
        }

        @Override
        public void process(Record<KIn, VIn> record) {
            if (context == null) {
                throw new IllegalStateException("Not initialized");
            }
            lanes.get().handled();
            processor.process(record);
            CommitPace pace = paces.get();
            pace.handled();
            handledIn = pace.transaction();
            askIfDue(context, context.currentSystemTimeMs());
        }

        private void askIfDue(ProcessorContext<KOut, VOut> context, long nowMillis) {
            CommitPace pace = paces.get();
            // A task without anything to commit would request in vain, even if others of its thread have
            // something.
            if (pace.isDue(nowMillis) && handledIn == pace.transaction()) {
                context.commit();
            }
        }

        @Override
        public void close() {
            processor.close();
        }
    }
}

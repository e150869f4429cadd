package chat.milena.streams.run;

import chat.milena.runtime.lifecycle.TraceHop;
import chat.milena.runtime.lifecycle.TraceStep;
import chat.milena.runtime.lifecycle.TransactionTraces;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TransactionAbortedException;
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
    /// Null if nothing is traced.
    private final @Nullable ThreadLocal<TransactionTraces> traces;

    /// @param config the minimum and maximum time that a transaction stays open
    /// @param watch notified of handled records and commits
    public CommitPacing(StreamsConfiguration config, CommitWatch watch) {
        this(config.commitInterval(), config.commitIntervalMax(), watch);
    }

    /// @param shortest how long a transaction stays open at low load
    /// @param longest how long at most
    /// @param watch notified of handled records and commits
    public CommitPacing(Duration shortest, Duration longest, CommitWatch watch) {
        this(
                ThreadLocal.withInitial(() -> new CommitPace(shortest.toMillis(), longest.toMillis())),
                ThreadLocal.withInitial(watch::lane),
                null);
    }

    private CommitPacing(
            ThreadLocal<CommitPace> paces,
            ThreadLocal<CommitWatch.Lane> lanes,
            @Nullable ThreadLocal<TransactionTraces> traces) {
        this.paces = paces;
        this.lanes = lanes;
        this.traces = traces;
    }

    /// The same; the processors and the producers also follow the commands that are traced.
    ///
    /// @param hop null without traces
    /// @param name of each step
    public CommitPacing traced(@Nullable TraceHop hop, String name) {
        return hop == null
                ? this
                : new CommitPacing(paces, lanes, ThreadLocal.withInitial(() -> new TransactionTraces(hop, name)));
    }

    /// The same processors and stores, at this pace.
    public <KIn, VIn, KOut, VOut> ProcessorSupplier<KIn, VIn, KOut, VOut> of(
            ProcessorSupplier<KIn, VIn, KOut, VOut> supplier) {
        return new ProcessorSupplier<>() {
            @Override
            public Processor<KIn, VIn, KOut, VOut> get() {
                Processor<KIn, VIn, KOut, VOut> paced = new Paced<>(supplier.get(), paces, lanes);
                return traces == null ? paced : new Traced<>(paced, traces);
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
                return traces == null ? new Reporting(config, paces, lanes) : new Tracing(config, paces, lanes, traces);
            }
        };
    }

    /// Commits on the stream thread that it belongs to.
    private static class Reporting extends KafkaProducer<byte[], byte[]> {
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

    /// One that follows what it writes.
    private static final class Tracing extends Reporting {
        private final ThreadLocal<TransactionTraces> traces;

        private Tracing(
                Map<String, Object> config,
                ThreadLocal<CommitPace> paces,
                ThreadLocal<CommitWatch.Lane> lanes,
                ThreadLocal<TransactionTraces> traces) {
            super(config, paces, lanes);
            this.traces = traces;
        }

        @Override
        public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
            traces.get().write(record);
            return super.send(record, callback);
        }

        @Override
        public void commitTransaction() {
            super.commitTransaction();
            traces.get().ended(null);
        }

        @Override
        public void abortTransaction() {
            traces.get().ended(new TransactionAbortedException());
            super.abortTransaction();
        }

        @Override
        public void close(Duration timeout) {
            traces.get().ended(new TransactionAbortedException());
            super.close(timeout);
        }
    }

    /// A processor whose records are followed. For one thread.
    private static final class Traced<KIn, VIn, KOut, VOut> implements Processor<KIn, VIn, KOut, VOut> {
        private final Processor<KIn, VIn, KOut, VOut> processor;
        private final ThreadLocal<TransactionTraces> traces;
        private @Nullable ProcessorContext<KOut, VOut> context;

        private Traced(Processor<KIn, VIn, KOut, VOut> processor, ThreadLocal<TransactionTraces> traces) {
            this.processor = processor;
            this.traces = traces;
        }

        @Override
        public void init(ProcessorContext<KOut, VOut> context) {
            this.context = context;
            processor.init(context);
        }

        @Override
        public void process(Record<KIn, VIn> record) {
            if (context == null) {
                throw new IllegalStateException("Not initialized");
            }
            TransactionTraces own = traces.get();
            TraceStep step = own.handle(record.headers());
            if (step != null) {
                context.recordMetadata().ifPresent(at -> step.note(at.topic(), at.partition(), at.offset()));
            }
            try {
                processor.process(record);
            } finally {
                own.handled();
            }
        }

        @Override
        public void close() {
            processor.close();
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

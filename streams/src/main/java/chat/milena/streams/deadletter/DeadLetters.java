package chat.milena.streams.deadletter;

import chat.milena.schemas.avro.DeadLetter;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.RawKey;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.streams.graph.TopicSink;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes records that cannot be handled: each becomes one dead letter, written in the transaction that moves the
/// offset past it. For the stream thread.
///
/// A record that is too large for a dead letter loses its bytes, so every record fits. The process logs at most
/// one line a second; the topic has all dead letters.
public final class DeadLetters {
    /// The sink to which a processor forwards them, unless it names another one.
    public static final String SINK = "dead-letters";

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final Duration LOG_EVERY = Duration.ofSeconds(1);
    /// Bytes for the origin, the reason, and the header of the batch.
    private static final int ENVELOPE_BYTES_MAX = 16 << 10;

    private static final int REASON_CHARS_MAX = 1_000;

    private final ProcessorContext<LogKey, SpecificRecord> context;
    private final String sink;
    private final DeadLetterListener listener;
    private final int keptBytesMax;
    private int unlogged;
    private @Nullable DeadLetter last;
    private long loggedAtMillis = Long.MIN_VALUE / 2;

    /// @param topic the topic of the dead letters; its sink must be among the processor's children
    public DeadLetters(
            ProcessorContext<LogKey, SpecificRecord> context,
            TopicSpec<RawKey, DeadLetter> topic,
            DeadLetterListener listener) {
        this(context, SINK, topic, listener);
    }

    /// As above, through a sink of this name: two graphs of one application cannot share a sink.
    public DeadLetters(
            ProcessorContext<LogKey, SpecificRecord> context,
            String sink,
            TopicSpec<RawKey, DeadLetter> topic,
            DeadLetterListener listener) {
        this.context = context;
        this.sink = sink;
        this.listener = listener;
        this.keptBytesMax = topic.batchBytesMax() - ENVELOPE_BYTES_MAX;
        // So that the last dead letters of a burst are logged too.
        context.schedule(LOG_EVERY, PunctuationType.WALL_CLOCK_TIME, this::log);
    }

    /// Counts the dead letters of a topic.
    public static Counter counter(String topic, MeterRegistry meters) {
        return Counter.builder("milena.dead.letters")
                .description("Records that could not be handled")
                .tag("topic", topic)
                .register(meters);
    }

    /// Adds the sink below a processor.
    public static void addSink(Topology topology, TopicSpec<RawKey, DeadLetter> topic, String processor) {
        addSink(topology, SINK, topic, processor);
    }

    /// As above, with this name.
    public static void addSink(Topology topology, String sink, TopicSpec<RawKey, DeadLetter> topic, String processor) {
        topology.addSink(
                sink,
                topic.name(),
                topic.keys().serializer(),
                topic.values().serializer(),
                TopicSink.<@Nullable RawKey, DeadLetter>partitioner(key -> key == null ? 0 : topic.partitionOf(key)),
                processor);
    }

    /// Makes a dead letter of the record in progress.
    ///
    /// @param reason for people: the part of the record, then the fault; never the content of the record
    public void add(Record<byte[], byte[]> record, String reason) {
        RecordMetadata from = context.recordMetadata()
                .orElseThrow(() -> new IllegalStateException("Only a record of a topic can become a dead letter"));
        DeadLetter letter = letter(from, record, reason);
        RawKey key = letter.getKey() == null ? null : new RawKey(record.key());
        // Not the time of the record, which could be so old that the letter is deleted immediately.
        long nowMillis = context.currentSystemTimeMs();
        context.forward(new Record<>(key, letter, nowMillis), sink);
        listener.onDeadLetter(from.topic());
        unlogged++;
        last = letter;
        log(nowMillis);
    }

    /// The same without the value, where that may hold the content of a message: letters outlive it.
    public void addWithoutValue(Record<byte[], byte[]> record, String reason) {
        add(new Record<>(record.key(), null, record.timestamp()), reason);
    }

    private DeadLetter letter(RecordMetadata from, Record<byte[], byte[]> record, String reason) {
        DeadLetter letter = new DeadLetter();
        letter.setTopic(from.topic());
        letter.setPartition(from.partition());
        letter.setOffset(from.offset());
        letter.setTimestamp(Instant.ofEpochMilli(record.timestamp()));
        letter.setReason(reason.substring(0, Math.min(reason.length(), REASON_CHARS_MAX)));
        byte[] key = record.key();
        byte[] value = record.value();
        // The letter holds the key twice: as its key and in its value.
        long bytes = 2L * (key == null ? 0 : key.length) + (value == null ? 0 : value.length);
        letter.setCut(bytes > keptBytesMax);
        if (!letter.getCut()) {
            letter.setKey(key == null ? null : ByteBuffer.wrap(key));
            letter.setValue(value == null ? null : ByteBuffer.wrap(value));
        }
        return letter;
    }

    private void log(long nowMillis) {
        DeadLetter letter = last;
        if (letter != null && nowMillis - loggedAtMillis >= LOG_EVERY.toMillis()) {
            LOG.warn(
                    "{} records became dead letters; the last was {}-{} at offset {}: {}",
                    unlogged,
                    letter.getTopic(),
                    letter.getPartition(),
                    letter.getOffset(),
                    letter.getReason());
            unlogged = 0;
            last = null;
            loggedAtMillis = nowMillis;
        }
    }
}

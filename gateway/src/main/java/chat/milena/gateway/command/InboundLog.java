package chat.milena.gateway.command;

import chat.milena.runtime.limit.Budget;
import chat.milena.runtime.limit.Holder;
import chat.milena.runtime.lifecycle.TraceHop;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.word.CommandKind;
import chat.milena.schemas.word.Word;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The inbound topic as a [CommandLog]: a bounded queue, and one thread that passes its commands to a Kafka
/// producer.
///
/// The thread may block in the producer, for metadata or buffer space; [#append] never does. Commands that are not
/// due yet wait in a [FairQueue], in order for each conversation. A command whose sender has been answered at its
/// deadline is dropped.
///
/// **Overflow.** Both queues together are bounded, in all and for each tenant; beyond that a command is rejected.
public final class InboundLog implements CommandLog, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(InboundLog.class);
    private static final Duration IDLE = Duration.ofMillis(100);

    /// Maximum number passed in one go.
    private static final int TAKEN_MAX = 512;

    private static final int NONE_ANY_MORE = -1;

    /// Room for several batches of every partition; small commands never fill it before the linger ends.
    private static final int BATCH_BYTES = 64 * 1024;

    /// Compression costs more time than it saves while brokers are near; operators may override it.
    private static final String COMPRESSION = "none";

    private final TopicSpec<ConversationKey, InboundCommand> topic;
    private final TopicSpec<UserKey, InboundCommand> userTopic;
    private final Producer<LogKey, InboundCommand> producer;
    private final Budget waiting;
    private final BlockingQueue<Entry> queue;
    private final AdaptiveLinger pace;
    private final FairQueue<LogKey, Entry> later = new FairQueue<>();
    private final long originNanos = System.nanoTime();
    private final Duration deliveryTimeout;
    private final Consumer<Throwable> onFatal;
    private final Timer latency;
    private final Counter refused;
    private final Counter failed;
    private final Thread thread;
    private volatile boolean stopping;

    private record Entry(InboundCommand command, AppendFailure failure, long takenAtNanos, When when) {
        /// The key whose order is kept: the conversation or, for a command on a user's own state, that user.
        private LogKey owner() {
            CommandKind kind = Word.parse(CommandKind.class, command.getKind()).orElse(null);
            if (kind != null && kind.isOfModeration()) {
                return UserKey.moderation(command.getTenant());
            }
            return kind != null && kind.isOfUser()
                    ? new UserKey(command.getTenant(), command.getUserId())
                    : new ConversationKey(command.getTenant(), command.getConversationId());
        }

        private boolean isTooLate(long nowNanos) {
            return nowNanos - takenAtNanos >= when.within().toNanos();
        }
    }

    /// @param onFatal called if the producer can never work again, or the thread has ended by itself
    public InboundLog(
            TopicSpec<ConversationKey, InboundCommand> topic,
            TopicSpec<UserKey, InboundCommand> userTopic,
            Producer<LogKey, InboundCommand> producer,
            InboundConfig config,
            MeterRegistry meters,
            Consumer<Throwable> onFatal) {
        this.topic = topic;
        this.userTopic = userTopic;
        this.producer = producer;
        this.waiting = new Budget(
                new Budget.Bounds(config.queueMax(), config.tenantQueueMax(), Budget.Bounds.NONE, Budget.Bounds.NONE));
        this.queue = new ArrayBlockingQueue<>(config.queueMax());
        this.pace = new AdaptiveLinger(config.gatherMax());
        this.deliveryTimeout = config.deliveryTimeout();
        this.onFatal = onFatal;
        this.latency = Timer.builder("milena.gateway.append")
                .description("From taking a command, including its tenant's turn, to its append to the inbound log")
                .publishPercentileHistogram()
                .register(meters);
        this.refused = Counter.builder("milena.gateway.append.refused")
                .description("Commands that were rejected because the queue was full")
                .register(meters);
        this.failed = Counter.builder("milena.gateway.append.failed")
                .description("Commands that the brokers did not accept")
                .register(meters);
        Gauge.builder("milena.gateway.inbound.queue", waiting, Budget::held)
                .description("Commands that wait for the producer or for their turn")
                .register(meters);
        this.thread = Thread.ofPlatform().name("inbound-log").unstarted(this::drain);
    }

    /// The required properties of the producer: idempotent, so that a retry neither duplicates nor reorders.
    public static Map<String, Object> producerProperties(InboundConfig config) {
        long lingerMillis = config.linger().toMillis();
        long deliveryMillis = config.deliveryTimeout().toMillis();
        return Map.of(
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true,
                ProducerConfig.LINGER_MS_CONFIG,
                lingerMillis,
                ProducerConfig.BATCH_SIZE_CONFIG,
                BATCH_BYTES,
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                COMPRESSION,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                Math.toIntExact(deliveryMillis),
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                Math.toIntExact((deliveryMillis - lingerMillis + 1) / 2),
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                config.blockMax().toMillis());
    }

    /// A producer for this log.
    ///
    /// @param topic either of its topics: their values have the same type
    /// @param hop with which traces begin; null without traces
    public static Producer<LogKey, InboundCommand> producer(
            TopicSpec<?, InboundCommand> topic, Map<String, Object> properties, @Nullable TraceHop hop) {
        Serializer<LogKey> keys = (name, key) -> key.toBytes();
        Serializer<InboundCommand> values = topic.values().serializer();
        return hop == null
                ? new KafkaProducer<>(properties, keys, values)
                : new TracedCommands(hop, properties, keys, values);
    }

    /// Starts to append. Once.
    public void start() {
        thread.start();
    }

    @Override
    public boolean append(InboundCommand command, When when, AppendFailure failure) {
        boolean taken = !stopping
                && when.isPossible()
                && waiting.take(Holder.ofTenant(command.getTenant()), 1)
                && queue.offer(new Entry(command, failure, System.nanoTime(), when));
        if (!taken) {
            refused.increment();
        }
        return taken;
    }

    /// Takes no more commands, appends those that were taken, and waits for the log as long as the producer
    /// retries; then closes the producer.
    @Override
    public void close() {
        close(deliveryTimeout);
    }

    /// Same as [#close()], within a shorter time.
    public void close(Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        stopping = true;
        try {
            if (thread.isAlive() && !thread.join(within)) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    }

    private void drain() {
        long before = System.nanoTime();
        try {
            for (int taken = take(); taken >= 0; taken = take()) {
                long now = System.nanoTime();
                int sent = sendDue(now);
                if (sent > 0) {
                    Duration pause = pace.pause(sent, now - before);
                    before = now;
                    if (sent < TAKEN_MAX && taken < TAKEN_MAX && !stopping && pause.isPositive()) {
                        Thread.sleep(pause);
                    }
                }
            }
        } catch (InterruptedException | InterruptException e) {
            // Interrupted while the producer was stuck: the rest was never appended.
            failAll();
        } catch (Throwable e) {
            // Errors too: a gateway that appends nothing must not seem to work.
            stopping = true;
            LOG.error("Commands can no longer be appended", e);
            onFatal.accept(e);
            failAll();
        }
    }

    /// Takes the next commands, or none if none comes before a waiting one is due; bounded in time.
    ///
    /// @return how many, [#NONE_ANY_MORE] if none will come
    private int take() throws InterruptedException {
        long now = stopping ? Long.MAX_VALUE : sinceOrigin(System.nanoTime());
        Entry first = queue.poll(later.untilDueNanos(now, IDLE.toNanos()), TimeUnit.NANOSECONDS);
        if (first == null) {
            return stopping && later.isEmpty() ? NONE_ANY_MORE : 0;
        }
        List<Entry> taken = new ArrayList<>();
        taken.add(first);
        queue.drainTo(taken, TAKEN_MAX - 1);
        taken.forEach(this::hold);
        return taken.size();
    }

    private void hold(Entry entry) {
        long dueNanos = sinceOrigin(entry.takenAtNanos()) + entry.when().after().toNanos();
        later.add(entry.owner(), dueNanos, entry);
    }

    private long sinceOrigin(long nanoTime) {
        return nanoTime - originNanos;
    }

    /// Passes on the commands that are due, and all of them once stopping.
    ///
    /// @return how many
    private int sendDue(long nowNanos) {
        long due = stopping ? Long.MAX_VALUE : sinceOrigin(nowNanos);
        int sent = 0;
        while (sent < TAKEN_MAX) {
            Entry entry = later.poll(due);
            if (entry == null) {
                break;
            }
            waiting.giveBack(Holder.ofTenant(entry.command().getTenant()), 1);
            send(entry);
            sent++;
        }
        return sent;
    }

    private void failAll() {
        for (Entry entry = later.poll(Long.MAX_VALUE); entry != null; entry = later.poll(Long.MAX_VALUE)) {
            fail(entry);
        }
        queue.forEach(this::fail);
    }

    private void send(Entry entry) {
        if (entry.isTooLate(System.nanoTime())) {
            fail(entry);
            return;
        }
        LogKey key = entry.owner();
        TopicSpec<?, InboundCommand> to = key instanceof UserKey ? userTopic : topic;
        try {
            Future<RecordMetadata> _ = producer.send(
                    new ProducerRecord<>(to.name(), key.partition(to.partitions()), key, entry.command()),
                    (metadata, error) -> appended(entry, error));
        } catch (InterruptException | Error e) {
            fail(entry);
            throw e;
        } catch (RuntimeException e) {
            appended(entry, e);
        }
    }

    private void appended(Entry entry, @Nullable Exception error) {
        if (error == null) {
            latency.record(System.nanoTime() - entry.takenAtNanos(), TimeUnit.NANOSECONDS);
            return;
        }
        LOG.warn("A command was not appended: {}", error.toString());
        fail(entry);
        if (isFatal(error)) {
            onFatal.accept(error);
        }
    }

    private void fail(Entry entry) {
        failed.increment();
        entry.failure().failed(entry.command().getOrigin().getCommandId());
    }

    private static boolean isFatal(Exception error) {
        return error instanceof AuthenticationException
                || error instanceof AuthorizationException
                || error instanceof UnsupportedVersionException
                || error instanceof IllegalStateException;
    }
}

package chat.milena.gateway.delivery;

import chat.milena.runtime.time.Ticker;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.key.ShardKey;
import chat.milena.schemas.topic.TopicSpec;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the leased shards, committed records only, and passes each delivery to one feed, in the order of its
/// shard. One thread and one consumer, without a group: every gateway reads all of its shards.
///
/// A lease is ready once the position of the shard is fixed at its end: later commits are after it. A released
/// shard is read for some time longer, for clients that reconnect soon. Records that cannot be read or dispatched
/// are counted and skipped. A gateway writes no transactions, so it makes no dead letters: the records stay in the
/// log, and the log of the process names them. While the broker is away the reader retries; a permanent failure or
/// an unexpected exception is reported, and ends the reader.
public final class ShardReader implements Shards, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ShardReader.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration POSITION_WITHIN = Duration.ofSeconds(5);
    private static final Duration RETRY_AFTER = Duration.ofMillis(200);
    private static final int POLL_RECORDS_MAX = 2_000;

    private final DeliveryCodec codec;
    private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer;
    private final ShardFeed feed;
    private final Consumer<Throwable> onFatal;
    private final Ticker ticker;
    private final LeasedShards leased;
    private final Counter poison;
    private final Thread thread;
    private volatile boolean stopping;
    /// For the reader's thread.
    private List<Integer> assigned = List.of();

    /// @param linger how long a shard is read after its last lease
    /// @param onFatal notified if deliveries can never be read again
    public ShardReader(
            TopicSpec<ShardKey, Delivery> topic,
            org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer,
            Duration linger,
            ShardFeed feed,
            Ticker ticker,
            MeterRegistry meters,
            Consumer<Throwable> onFatal) {
        this.codec = new DeliveryCodec(topic);
        this.consumer = consumer;
        this.feed = feed;
        this.ticker = ticker;
        this.onFatal = onFatal;
        this.leased = new LeasedShards(linger);
        this.poison = DeliveryLanes.poison(meters);
        Gauge.builder("milena.gateway.shards", leased, LeasedShards::size)
                .description("Shards of users that this gateway reads")
                .register(meters);
        this.thread = Thread.ofPlatform().name("shard-reader").unstarted(this::run);
    }

    /// The required properties of the consumer.
    public static Map<String, Object> consumerProperties() {
        return Map.of(
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false,
                // Positions are set by hand; if one is no longer in the log, the oldest record is the best start.
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.FETCH_MIN_BYTES_CONFIG,
                1,
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                POLL_RECORDS_MAX);
    }

    /// A consumer for this reader.
    public static org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer(Map<String, Object> properties) {
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /// Starts to read. Once.
    public void start() {
        thread.start();
    }

    @Override
    public Lease acquire(int shard) {
        CompletableFuture<Void> ready = leased.acquire(shard);
        if (!ready.isDone()) {
            consumer.wakeup();
        }
        return new CountedLease(ready, () -> leased.release(shard, ticker.millis()));
    }

    /// Stops reading; leases that are not ready fail.
    @Override
    public void close() {
        close(Duration.ofSeconds(2));
    }

    /// Same as [#close()], within a shorter time.
    public void close(Duration within) {
        stopping = true;
        leased.failAll(new IllegalStateException("The gateway is stopping"));
        consumer.wakeup();
        try {
            if (thread.isAlive() && !thread.join(within)) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!stopping) {
                try {
                    step();
                } catch (WakeupException e) {
                    LOG.debug("Woken: leases changed");
                } catch (RetriableException e) {
                    LOG.warn("Deliveries cannot be read now: {}", e.toString());
                    Thread.sleep(RETRY_AFTER);
                }
            }
        } catch (InterruptException | InterruptedException e) {
            LOG.debug("Interrupted while stopping");
        } catch (Throwable e) {
            // Errors too: a gateway that reads no deliveries must not seem to work.
            leased.failAll(e);
            LOG.error("Deliveries can no longer be read", e);
            onFatal.accept(e);
        } finally {
            // The flag would make the close below fail.
            boolean interrupted = Thread.interrupted();
            consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(RETRY_AFTER));
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void step() throws InterruptedException {
        leased.dropIdle(ticker.millis());
        List<Integer> shards = leased.shards();
        if (!shards.equals(assigned)) {
            // Shards that stay assigned keep their positions.
            consumer.assign(shards.stream().map(codec::partition).toList());
            assigned.stream().filter(shard -> !shards.contains(shard)).forEach(feed::ended);
            assigned = shards;
        }
        if (shards.isEmpty()) {
            leased.await(POLL);
            return;
        }
        List<Integer> fresh = leased.fresh(shards);
        if (!fresh.isEmpty()) {
            begin(fresh);
        }
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        for (ConsumerRecord<byte[], byte[]> record : records) {
            dispatch(record);
        }
        advance(shards);
    }

    /// The consumer may have passed transaction markers, even in quiet shards while others are busy.
    private void advance(List<Integer> shards) {
        for (int shard : shards) {
            try {
                feed.advanced(shard, consumer.position(codec.partition(shard), Duration.ZERO));
            } catch (TimeoutException e) {
                // The other shards must not wait for it.
                LOG.debug("The position of shard {} is not known now", shard);
            }
        }
    }

    /// Fixes the positions of new shards, so that nothing that commits from now on is missed.
    private void begin(List<Integer> fresh) {
        consumer.seekToEnd(fresh.stream().map(codec::partition).toList());
        for (int shard : fresh) {
            feed.begun(shard, consumer.position(codec.partition(shard), POSITION_WITHIN));
        }
        leased.begun(fresh);
    }

    private void dispatch(ConsumerRecord<byte[], byte[]> record) {
        try {
            feed.accept(codec.decode(record));
        } catch (RuntimeException e) {
            poison.increment();
            LOG.error("Skipped {}-{} at offset {}", record.topic(), record.partition(), record.offset(), e);
        }
    }
}

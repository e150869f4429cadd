package chat.milena.gateway.resume;

import chat.milena.gateway.delivery.DeliveryCodec;
import chat.milena.gateway.delivery.LoggedDelivery;
import chat.milena.gateway.delivery.ShardReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads a part of a shard from the log, for clients that missed more than the buffer holds. Safe for all threads,
/// which wait.
///
/// **Bound.** A few reads at the same time, and deliveries, bytes and time of each; a read beyond a bound ends
/// without a result.
public final class LogScan {
    private static final Logger LOG = LoggerFactory.getLogger(LogScan.class);
    private static final Duration POLL_AT_MOST = Duration.ofMillis(500);
    /// Markers and records of aborted transactions take offsets too.
    private static final int OFFSETS_PER_DELIVERY_MAX = 8;

    private final DeliveryCodec codec;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final ResumeConfig.Scans config;
    private final Semaphore places;
    /// The share of the places that this one may take; null for all of them.
    private final @Nullable Semaphore share;

    /// @param consumers each reads only committed records, and fails if an offset is gone
    public LogScan(DeliveryCodec codec, Supplier<Consumer<byte[], byte[]>> consumers, ResumeConfig.Scans config) {
        this(codec, consumers, config, new Semaphore(config.max()), null);
    }

    private LogScan(
            DeliveryCodec codec,
            Supplier<Consumer<byte[], byte[]>> consumers,
            ResumeConfig.Scans config,
            Semaphore places,
            @Nullable Semaphore share) {
        this.codec = codec;
        this.consumers = consumers;
        this.config = config;
        this.places = places;
        this.share = share;
    }

    /// The same log for other callers, which may take only this many of its places, so that some are left.
    LogScan sharing(int placesMax) {
        return new LogScan(codec, consumers, config, places, new Semaphore(placesMax));
    }

    /// The required properties of a consumer.
    public static Map<String, Object> consumerProperties() {
        Map<String, Object> properties = new HashMap<>(ShardReader.consumerProperties());
        // A missing offset must be an error, never skipped.
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        return properties;
    }

    /// A part of a shard that was read.
    ///
    /// @param to the first offset after it
    record Piece(List<LoggedDelivery> deliveries, long to) {}

    /// Reads everything from an offset up to the buffer, and keeps it in the buffer for the next clients. If
    /// another client has done so while this one waited for a place, the part is empty.
    Piece readBefore(RecentDeliveries recent, int shard, long from, long deadlineNanos)
            throws NotResumableException, InterruptedException {
        takePlace(deadlineNanos);
        try {
            long to = recent.wholeFrom(shard).orElse(from);
            if (to <= from) {
                return new Piece(List.of(), from);
            }
            List<LoggedDelivery> earlier = readInPlace(shard, from, to, deadlineNanos);
            recent.keepBefore(shard, from, to, earlier);
            return new Piece(earlier, to);
        } finally {
            givePlaceBack();
        }
    }

    /// A buffered delivery, as if it were read now.
    LoggedDelivery decoded(BufferedDelivery kept) {
        return kept.decoded(codec);
    }

    /// Everything in a shard from an offset up to another one, which was readable before.
    ///
    /// @param deadlineNanos when it must have ended
    List<LoggedDelivery> read(int shard, long from, long to, long deadlineNanos)
            throws NotResumableException, InterruptedException {
        takePlace(deadlineNanos);
        try {
            return readInPlace(shard, from, to, deadlineNanos);
        } finally {
            givePlaceBack();
        }
    }

    private void takePlace(long deadlineNanos) throws NotResumableException, InterruptedException {
        if (share != null) {
            take(share, deadlineNanos);
        }
        boolean taken = false;
        try {
            take(places, deadlineNanos);
            taken = true;
        } finally {
            if (share != null && !taken) {
                share.release();
            }
        }
    }

    private static void take(Semaphore semaphore, long deadlineNanos)
            throws NotResumableException, InterruptedException {
        if (!semaphore.tryAcquire(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            throw new NotResumableException(ResumeResult.BUSY);
        }
    }

    private void givePlaceBack() {
        places.release();
        if (share != null) {
            share.release();
        }
    }

    private List<LoggedDelivery> readInPlace(int shard, long from, long to, long deadlineNanos)
            throws NotResumableException {
        if (to - from > (long) config.deliveriesMax() * OFFSETS_PER_DELIVERY_MAX) {
            throw new NotResumableException(ResumeResult.TOO_OLD);
        }
        try (Consumer<byte[], byte[]> consumer = consumers.get()) {
            TopicPartition partition = codec.partition(shard);
            consumer.assign(List.of(partition));
            consumer.seek(partition, from);
            return read(consumer, partition, to, deadlineNanos);
        } catch (InvalidOffsetException e) {
            throw new NotResumableException(ResumeResult.TOO_OLD);
        } catch (KafkaException e) {
            LOG.warn("Shard {} cannot be read back to {}: {}", shard, from, e.toString());
            throw new NotResumableException(ResumeResult.FAILED);
        }
    }

    private List<LoggedDelivery> read(
            Consumer<byte[], byte[]> consumer, TopicPartition partition, long to, long deadlineNanos)
            throws NotResumableException {
        List<LoggedDelivery> read = new ArrayList<>();
        long bytes = 0;
        while (consumer.position(partition) < to) {
            Duration left = Duration.ofNanos(deadlineNanos - System.nanoTime());
            if (!left.isPositive()) {
                throw new NotResumableException(ResumeResult.BUSY);
            }
            for (ConsumerRecord<byte[], byte[]> record :
                    consumer.poll(left.compareTo(POLL_AT_MOST) < 0 ? left : POLL_AT_MOST)) {
                LoggedDelivery delivery = record.offset() < to ? decode(record) : null;
                if (delivery != null) {
                    read.add(delivery);
                    bytes += delivery.bytes();
                }
            }
            if (read.size() > config.deliveriesMax() || bytes > config.bytesMax()) {
                throw new NotResumableException(ResumeResult.TOO_OLD);
            }
        }
        return read;
    }

    /// @return null for a record that cannot be read, which was not sent live either
    private @Nullable LoggedDelivery decode(ConsumerRecord<byte[], byte[]> record) {
        try {
            return codec.decode(record);
        } catch (SerializationException e) {
            LOG.debug("Skipped {} at {}", record.partition(), record.offset(), e);
            return null;
        }
    }
}

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

/// Reads a piece of a shard from the log, for clients that missed more than is at hand. Safe for all threads, which
/// wait meanwhile.
///
/// **Bound.** Few at once, and deliveries, bytes and time of each; whatever is passed ends it with nothing.
public final class LogScan {
    private static final Logger LOG = LoggerFactory.getLogger(LogScan.class);
    private static final Duration POLL_AT_MOST = Duration.ofMillis(500);
    /// Markers and records of transactions that ended in nothing take offsets too.
    private static final int OFFSETS_PER_DELIVERY_MAX = 8;

    private final DeliveryCodec codec;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final ResumeConfig.Scans config;
    private final Semaphore places;
    /// What of the places this one may take; null for all of them.
    private final @Nullable Semaphore share;

    /// @param consumers each reads committed records only, and has no way to go on where an offset is gone
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

    /// The same log for others who may take only so many of its places, so that some are left.
    LogScan sharing(int placesMax) {
        return new LogScan(codec, consumers, config, places, new Semaphore(placesMax));
    }

    /// What a consumer must be asked for.
    public static Map<String, Object> consumerProperties() {
        Map<String, Object> properties = new HashMap<>(ShardReader.consumerProperties());
        // An offset that is gone is told, never passed over.
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        return properties;
    }

    /// A piece of a shard that was read.
    ///
    /// @param to the first offset that is not of it
    record Piece(List<LoggedDelivery> deliveries, long to) {}

    /// Everything from an offset up to what is at hand, and keeps it at hand for those who come next. Who waited for a
    /// place meanwhile may find that somebody else has done so: then the piece is empty.
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

    /// What is kept of the log, as if it were read now.
    LoggedDelivery decoded(BufferedDelivery kept) {
        return kept.decoded(codec);
    }

    /// Everything that stands in a shard from an offset up to another one, which was readable before.
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

    /// @return null for a record that cannot be read, of which nobody was told live either
    private @Nullable LoggedDelivery decode(ConsumerRecord<byte[], byte[]> record) {
        try {
            return codec.decode(record);
        } catch (SerializationException e) {
            LOG.debug("Passed over {} at {}", record.partition(), record.offset(), e);
            return null;
        }
    }
}

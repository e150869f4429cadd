package chat.milena.push.send;

import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.schemas.avro.ChangeDevice;
import chat.milena.schemas.avro.PushResult;
import chat.milena.schemas.key.DeviceKey;
import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.LongConsumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes results, and the commands that take back registrations which providers no longer know. Safe for all threads.
///
/// A write that fails is repeated until it succeeds or the log is closed: without a result the intent would be lost for
/// its life. The number of writes is bounded by the intents in flight.
final class ResultLog implements IntentHandler.Results, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ResultLog.class);
    private static final int LINGER_MILLIS = 5;

    private final TopicCatalogue topics;
    private final Clock clock;
    private final KafkaProducer<byte[], byte[]> producer;
    private volatile boolean closed;

    ResultLog(TopicCatalogue topics, KafkaClients clients, Clock clock) {
        this.topics = topics;
        this.clock = clock;
        this.producer = new KafkaProducer<>(
                clients.producer(Map.of(
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.LINGER_MS_CONFIG,
                        LINGER_MILLIS,
                        ProducerConfig.METRIC_REPORTER_CLASSES_CONFIG,
                        "")),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    @Override
    public void result(DeviceKey device, PushResult result, LongConsumer written) {
        write(topics.pushResults(), device, result, written);
    }

    @Override
    public void unregister(DeviceKey device, Instant upTo, Runnable written) {
        ChangeDevice change = new ChangeDevice();
        change.setDeviceId(device.deviceId());
        change.setUnregisters(true);
        change.setRegisteredUpTo(upTo);
        write(
                topics.userCommands(),
                device.user(),
                DeviceCommands.of(device, change, clock.instant()),
                // The next write may wait for metadata, which the thread of the producer has to fetch.
                offset -> Thread.ofVirtual().name("push-written").start(written));
    }

    private <K extends LogKey, V extends SpecificRecord> void write(
            TopicSpec<K, V> topic, K key, V value, LongConsumer written) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topic.name(),
                topic.partitionOf(key),
                key.toBytes(),
                topic.values().serializer().serialize(topic.name(), value));
        write(record, written);
    }

    private void write(ProducerRecord<byte[], byte[]> record, LongConsumer written) {
        try {
            var _ = producer.send(record, (metadata, failure) -> {
                if (failure == null) {
                    written.accept(metadata.offset());
                } else {
                    failed(record, written, failure);
                }
            });
        } catch (KafkaException | IllegalStateException e) {
            failed(record, written, e);
        }
    }

    private void failed(ProducerRecord<byte[], byte[]> record, LongConsumer written, Exception failure) {
        if (closed) {
            return;
        }
        LOG.warn("A write to {} failed and is repeated: {}", record.topic(), failure.toString());
        Thread.ofVirtual().name("push-write").start(() -> {
            try {
                Thread.sleep(Duration.ofSeconds(1));
                write(record, written);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Override
    public void close() {
        closed = true;
        producer.close(Duration.ofSeconds(5));
    }

    /// Ends like a killed process: what is not written yet is lost.
    void abandon() {
        closed = true;
        producer.close(Duration.ZERO);
    }
}

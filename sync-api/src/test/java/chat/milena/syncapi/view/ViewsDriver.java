package chat.milena.syncapi.view;

import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.streams.progress.ProgressProbe;
import chat.milena.streams.progress.ViewProgress;
import chat.milena.streams.run.StoreDamage;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/// The real topology of the views over a manual clock. For one thread.
final class ViewsDriver implements AutoCloseable {
    private final TopicCatalogue topics;
    private final TopologyTestDriver driver;

    ViewsDriver(TopicCatalogue topics, ViewsConfig config, ViewProgress progress, Clock clock, Path stateFolder) {
        this.topics = topics;
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "views-test");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, stateFolder.toString());
        settings.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        driver = new TopologyTestDriver(
                ViewsTopology.build(
                        topics,
                        config,
                        progress,
                        clock,
                        () -> TimeUnit.MILLISECONDS.toNanos(clock.millis()),
                        new StoreDamage(() -> {})),
                settings,
                clock.instant());
    }

    TopicPartition log(View view) {
        return new TopicPartition(view.topic(topics).name(), 0);
    }

    /// One record of the log, as bytes.
    ///
    /// @param timestamp -1 for none
    void pipe(View view, byte @Nullable [] key, byte @Nullable [] value, long timestamp) {
        TestInputTopic<byte[], byte[]> topic = driver.createInputTopic(
                log(view).topic(),
                new ByteArraySerializer(),
                new ByteArraySerializer(),
                // A record with a time of its own must have a valid one, says the driver; brokers do not.
                Instant.ofEpochMilli(timestamp),
                Duration.ZERO);
        topic.pipeInput(new TestRecord<>(key, value));
    }

    /// Lets the driver's own clock come to the next time at which a piece of the history is walked.
    void walksOnce() {
        driver.advanceWallClockTime(HistoryExpiry.PIECE_EVERY);
    }

    /// What a view holds: keys in hexadecimal digits, in their order.
    NavigableMap<String, byte[]> held(View view) {
        NavigableMap<String, byte[]> held = new TreeMap<>();
        try (KeyValueIterator<Bytes, byte[]> entries = store(view).all()) {
            entries.forEachRemaining(entry -> held.put(HexFormat.of().formatHex(entry.key.get()), entry.value));
        }
        return held;
    }

    List<byte[]> keys(View view) {
        List<byte[]> keys = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> entries = store(view).all()) {
            entries.forEachRemaining(entry -> keys.add(entry.key.get()));
        }
        return keys;
    }

    private KeyValueStore<Bytes, byte[]> store(View view) {
        return driver.getKeyValueStore(view.store());
    }

    /// Tells that a consumer has polled so many records of a view's log, all of which stand before `next`.
    void tellsPolled(ViewProgress progress, View view, int count, long next) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int offset = 0; offset < count; offset++) {
            records.add(new ConsumerRecord<>(log(view).topic(), 0, offset, new byte[0], new byte[0]));
        }
        ProgressProbe.polled(
                progress,
                new ConsumerRecords<>(Map.of(log(view), records), Map.of()),
                Map.of(log(view), next),
                Set.of(log(view)));
    }

    @Override
    public void close() {
        driver.close();
    }

    static ViewsConfig config(Retention retention) {
        return new ViewsConfig(retention, Duration.ofHours(1));
    }
}

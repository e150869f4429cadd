package chat.milena.push.classify;

import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.schemas.avro.ModerationClassifier;
import chat.milena.schemas.avro.ModerationRuleset;
import chat.milena.schemas.avro.Tenant;
import chat.milena.schemas.key.TenantKey;
import chat.milena.schemas.topic.TopicSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The classifiers of all tenants: what chat.tenants.v1 holds, in the present version of the rules and the one before.
/// For one thread.
///
/// **Bound:** tenants that have ever had a classifier in one of them, some 1,000 bytes each.
final class TenantClassifiers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TenantClassifiers.class);
    private static final Duration PROGRESS_WITHIN = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(100);

    private final TopicSpec<TenantKey, Tenant> topic;
    private final Consumer<byte[], byte[]> consumer;
    private final Map<String, Versions> tenants = new HashMap<>();

    private record Versions(
            @Nullable Version present, @Nullable Version former) {
        boolean hasSome() {
            return (present != null && present.classifier != null) || (former != null && former.classifier != null);
        }
    }

    /// @param classifier null where this version has none
    private record Version(Instant since, @Nullable Classifier classifier) {
        boolean holds(Instant moment) {
            return !moment.isBefore(since);
        }
    }

    /// @param consumer closed with this; follows the topic from its beginning
    private TenantClassifiers(TopicSpec<TenantKey, Tenant> topic, Consumer<byte[], byte[]> consumer) {
        this.topic = topic;
        this.consumer = consumer;
    }

    /// Reads the topic to its end, or until this process stops.
    ///
    /// @param stopping whether it does
    /// @param progressed called whenever records have come
    /// @throws TimeoutException if the brokers send nothing for [#PROGRESS_WITHIN]
    static TenantClassifiers read(
            TopicSpec<TenantKey, Tenant> topic, KafkaClients clients, BooleanSupplier stopping, Runnable progressed) {
        Map<String, Object> settings = Map.of(
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                IsolationLevel.READ_COMMITTED.toString().toLowerCase(Locale.ROOT),
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.METRIC_REPORTER_CLASSES_CONFIG,
                "");
        return read(
                topic,
                new KafkaConsumer<>(
                        clients.consumer(settings), new ByteArrayDeserializer(), new ByteArrayDeserializer()),
                System::nanoTime,
                stopping,
                progressed);
    }

    /// @param consumer closed with what is returned, and if this fails
    /// @param nanoTime a time that never goes back
    static TenantClassifiers read(
            TopicSpec<TenantKey, Tenant> topic,
            Consumer<byte[], byte[]> consumer,
            LongSupplier nanoTime,
            BooleanSupplier stopping,
            Runnable progressed) {
        try {
            List<TopicPartition> all = IntStream.range(0, topic.partitions())
                    .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            TenantClassifiers tenants = new TenantClassifiers(topic, consumer);
            tenants.readTo(consumer.endOffsets(all, PROGRESS_WITHIN), nanoTime, stopping, progressed);
            return tenants;
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    /// All rules of all tenants may be gigabytes: it takes its time while records come.
    private void readTo(
            Map<TopicPartition, Long> ends, LongSupplier nanoTime, BooleanSupplier stopping, Runnable progressed) {
        long progressNanos = nanoTime.getAsLong();
        while (!stopping.getAsBoolean()
                && ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            if (!records.isEmpty()) {
                progressNanos = nanoTime.getAsLong();
                progressed.run();
            } else if (nanoTime.getAsLong() - progressNanos > PROGRESS_WITHIN.toNanos()) {
                throw new TimeoutException("the rules of tenants cannot be read: their brokers send nothing");
            }
            records.forEach(this::take);
        }
    }

    /// Takes what is new. Does not wait.
    void follow() {
        consumer.poll(Duration.ZERO).forEach(this::take);
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        TenantKey key;
        try {
            key = TenantKey.fromBytes(record.key());
        } catch (SerializationException e) {
            LOG.error("The record at offset {} of {} names no tenant", record.offset(), topic.name());
            return;
        }
        Versions versions = versions(key, record.value());
        if (versions != null && versions.hasSome()) {
            tenants.put(key.tenant(), versions);
        } else {
            tenants.remove(key.tenant());
        }
    }

    private @Nullable Versions versions(TenantKey key, byte @Nullable [] value) {
        if (value == null) {
            return null;
        }
        try {
            Tenant tenant = topic.values().deserializer().deserialize(topic.name(), value);
            ModerationRuleset present = tenant.getModeration();
            ModerationRuleset former = tenant.getFormerModeration();
            return new Versions(version(present, former), version(former, present));
        } catch (SerializationException e) {
            // As for rules, and as after a restart, which may find no record before this one.
            LOG.error("The record of tenant {} cannot be read: no classifier of it holds", key.tenant());
            return null;
        }
    }

    private static @Nullable Version version(@Nullable ModerationRuleset rules, @Nullable ModerationRuleset neighbor) {
        if (rules == null) {
            return null;
        }
        ModerationClassifier classifier = rules.getClassifier();
        return new Version(
                rules.getSince(),
                classifier == null
                        ? null
                        : Classifier.of(
                                rules.getVersion(), classifier, neighbor == null ? null : neighbor.getClassifier()));
    }

    /// Whether no tenant has one.
    boolean isEmpty() {
        return tenants.isEmpty();
    }

    /// The classifier that judges a message from this moment; null without one.
    @Nullable
    Classifier find(String tenant, Instant moment) {
        Versions versions = tenants.get(tenant);
        if (versions == null) {
            return null;
        }
        if (versions.present != null && versions.present.holds(moment)) {
            return versions.present.classifier;
        }
        return versions.former != null && versions.former.holds(moment) ? versions.former.classifier : null;
    }

    @Override
    public void close() {
        consumer.close();
    }
}

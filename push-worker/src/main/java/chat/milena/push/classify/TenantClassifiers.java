package chat.milena.push.classify;

import chat.milena.runtime.kafka.KafkaClients;
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
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
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
    private static final Duration READ_WITHIN = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(100);

    private final TopicSpec<TenantKey, Tenant> topic;
    private final KafkaConsumer<byte[], byte[]> consumer;
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

    /// Reads the topic to its end.
    ///
    /// @throws TimeoutException if the brokers do not answer
    TenantClassifiers(TopicSpec<TenantKey, Tenant> topic, KafkaClients clients) {
        this.topic = topic;
        this.consumer = new KafkaConsumer<>(
                clients.consumer(Map.of(
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        IsolationLevel.READ_COMMITTED.toString().toLowerCase(Locale.ROOT),
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.METRIC_REPORTER_CLASSES_CONFIG,
                        "")),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        try {
            List<TopicPartition> all = IntStream.range(0, topic.partitions())
                    .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            readTo(consumer.endOffsets(all, READ_WITHIN));
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    private void readTo(Map<TopicPartition, Long> ends) {
        long untilNanos = System.nanoTime() + READ_WITHIN.toNanos();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            if (System.nanoTime() - untilNanos > 0) {
                throw new TimeoutException("the rules of tenants were not read in time");
            }
            consumer.poll(POLL).forEach(this::take);
        }
    }

    /// Takes what is new. Does not wait.
    void follow() {
        consumer.poll(Duration.ZERO).forEach(this::take);
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        try {
            TenantKey key = TenantKey.fromBytes(record.key());
            Tenant tenant = record.value() == null
                    ? null
                    : topic.values().deserializer().deserialize(topic.name(), record.value());
            Versions versions = tenant == null
                    ? null
                    : new Versions(version(tenant.getModeration()), version(tenant.getFormerModeration()));
            if (versions == null || !versions.hasSome()) {
                tenants.remove(key.tenant());
            } else {
                tenants.put(key.tenant(), versions);
            }
        } catch (SerializationException e) {
            LOG.error("The record of a tenant at offset {} cannot be read: the one before it holds", record.offset());
        }
    }

    private static @Nullable Version version(@Nullable ModerationRuleset rules) {
        if (rules == null) {
            return null;
        }
        return new Version(
                rules.getSince(),
                rules.getClassifier() == null ? null : Classifier.of(rules.getVersion(), rules.getClassifier()));
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

package chat.milena.topology.moderation;

import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.schemas.avro.ModerationRuleset;
import chat.milena.schemas.avro.Tenant;
import chat.milena.schemas.key.TenantKey;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// What an operator does with the rules of a tenant, by the log alone. For one thread.
public final class RuleOperations {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration ASK_WITHIN = Duration.ofSeconds(10);

    private final TopicSpec<TenantKey, Tenant> topic;
    private final KafkaClients clients;
    private final Clock clock;

    public RuleOperations(TopicCatalogue topics, KafkaClients clients, Clock clock) {
        this.topic = topics.tenants();
        this.clients = clients;
        this.clock = clock;
    }

    /// The rules of a tenant; null if it never had any.
    ///
    /// @throws KafkaException if the brokers do not answer
    public @Nullable ModerationRuleset show(String tenant) {
        Tenant record = read(tenant);
        return record == null ? null : record.getModeration();
    }

    /// Replaces the rules of a tenant. Messages from now on are judged by them.
    ///
    /// The transaction of an earlier call for the tenant that is still in progress fails, so two of them never
    /// make the same version.
    ///
    /// @param rules checked before; version and time are set here
    /// @return the new version
    /// @throws KafkaException if the brokers do not answer, or another call came between
    public long put(String tenant, ModerationRuleset rules) {
        try (KafkaProducer<byte[], byte[]> producer = producer(tenant)) {
            producer.initTransactions();
            Tenant before = read(tenant);
            ModerationRuleset former = before == null ? null : before.getModeration();
            Instant now = Instant.ofEpochMilli(clock.millis());
            long version = former == null ? 1 : former.getVersion() + 1;
            // Never before the former version, whatever clock that had.
            Instant since = former == null || now.isAfter(former.getSince()) ? now : former.getSince();
            ModerationRuleset next = new ModerationRuleset(
                    version, since, rules.getRules(), rules.getDefaults(), rules.getNewAccountsMillis());
            TenantKey key = new TenantKey(tenant);
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(
                    topic.name(),
                    topic.partitionOf(key),
                    key.toBytes(),
                    topic.values().serializer().serialize(topic.name(), new Tenant(tenant, next, former))));
            producer.commitTransaction();
            return version;
        }
    }

    private @Nullable Tenant read(String tenant) {
        byte[] key = new TenantKey(tenant).toBytes();
        TopicPartition partition = new TopicPartition(topic.name(), topic.partitionOf(new TenantKey(tenant)));
        byte[] value = null;
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            consumer.assign(List.of(partition));
            long end = consumer.endOffsets(List.of(partition), ASK_WITHIN).getOrDefault(partition, 0L);
            consumer.seekToBeginning(List.of(partition));
            while (consumer.position(partition, ASK_WITHIN) < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    value = Arrays.equals(record.key(), key) ? record.value() : value;
                }
            }
        }
        return value == null ? null : topic.values().deserializer().deserialize(topic.name(), value);
    }

    private KafkaProducer<byte[], byte[]> producer(String tenant) {
        return new KafkaProducer<>(
                clients.producer(Map.of(
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        "milena-rules-" + tenant,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        ASK_WITHIN.toMillis(),
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        TopicCatalogue.EXTENDED_BATCH_BYTES_MAX)),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                clients.consumer(Map.of(
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed")),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }
}

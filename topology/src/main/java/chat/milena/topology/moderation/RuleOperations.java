package chat.milena.topology.moderation;

import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.kafka.PartitionReader;
import chat.milena.runtime.kafka.TopicAccess;
import chat.milena.schemas.avro.ModerationClassifier;
import chat.milena.schemas.avro.ModerationRuleset;
import chat.milena.schemas.avro.Tenant;
import chat.milena.schemas.key.TenantKey;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// What an operator does with the rules of a tenant, by the log alone. For one thread.
public final class RuleOperations {
    private static final Duration ASK_WITHIN = Duration.ofSeconds(10);
    /// Rules hold from so much later, so that everything that judges knows them by then.
    private static final Duration KNOWN_WITHIN = Duration.ofSeconds(1);

    private static final String TRANSACTIONS = "milena-rules-";
    private static final int SECRET_BYTES = 32;
    /// As in the specification of Standard Webhooks.
    private static final String SECRET_PREFIX = "whsec_";

    private final TopicSpec<TenantKey, Tenant> topic;
    private final KafkaClients clients;
    private final Clock clock;

    /// Rules that were put.
    ///
    /// @param freshSecret signs the questions to the classifier, if it was made here; it is not shown again
    public record Put(long version, @Nullable String freshSecret) {
        @Override
        public String toString() {
            return "Put[version=" + version + "]";
        }
    }

    public RuleOperations(TopicCatalogue topics, KafkaClients clients, Clock clock) {
        this.topic = topics.tenants();
        this.clients = clients;
        this.clock = clock;
    }

    /// What they do with the topics.
    public static TopicAccess access(TopicCatalogue topics) {
        Set<String> rules = Set.of(topics.tenants().name());
        return TopicAccess.of(rules, rules).withTransactions(TRANSACTIONS);
    }

    /// The rules of a tenant; null if it never had any.
    ///
    /// @throws KafkaException if the brokers do not answer
    public @Nullable ModerationRuleset show(String tenant) {
        Tenant record = read(tenant);
        return record == null ? null : record.getModeration();
    }

    /// Replaces the rules of a tenant. The next ones hold one second after they are written; this returns then.
    ///
    /// The transaction of an earlier call for the tenant that is still in progress fails, so two of them never
    /// make the same version.
    ///
    /// A classifier without a secret keeps the one that the tenant had, or gets a fresh one.
    ///
    /// @param rules checked before; version and time are set here
    /// @throws KafkaException if the brokers do not answer, or another call came between
    public Put put(String tenant, ModerationRuleset rules) throws InterruptedException {
        try (KafkaProducer<byte[], byte[]> producer = producer(tenant)) {
            producer.initTransactions();
            Tenant before = read(tenant);
            ModerationRuleset present = before == null ? null : before.getModeration();
            Instant now = Instant.ofEpochMilli(clock.millis());
            Instant since = now.plus(KNOWN_WITHIN);
            long version = present == null ? 1 : present.getVersion() + 1;
            ModerationRuleset next = new ModerationRuleset(
                    version,
                    since,
                    rules.getRules(),
                    rules.getDefaults(),
                    rules.getNewAccountsMillis(),
                    rules.getClassifier());
            String freshSecret = completed(next.getClassifier(), present == null ? null : present.getClassifier());
            TenantKey key = new TenantKey(tenant);
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(
                            topic.name(),
                            topic.partitionOf(key),
                            key.toBytes(),
                            topic.values()
                                    .serializer()
                                    .serialize(topic.name(), new Tenant(tenant, next, held(before, now)))))
                    .get();
            producer.commitTransaction();
            Thread.sleep(KNOWN_WITHIN);
            return new Put(version, freshSecret);
        } catch (ExecutionException e) {
            throw new KafkaException("the rules could not be written", e.getCause());
        }
    }

    /// The rules that hold until the next ones do. Those of a call within the second before have not begun to.
    static @Nullable ModerationRuleset held(@Nullable Tenant before, Instant now) {
        if (before == null) {
            return null;
        }
        ModerationRuleset present = before.getModeration();
        return present != null && present.getSince().isAfter(now) ? before.getFormerModeration() : present;
    }

    private static @Nullable String completed(
            @Nullable ModerationClassifier next, @Nullable ModerationClassifier former) {
        if (next == null || !next.getSecret().isEmpty()) {
            return null;
        }
        if (former != null && !former.getSecret().isEmpty()) {
            next.setSecret(former.getSecret());
            return null;
        }
        byte[] bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        next.setSecret(SECRET_PREFIX + Base64.getEncoder().encodeToString(bytes));
        return next.getSecret();
    }

    private @Nullable Tenant read(String tenant) {
        TenantKey key = new TenantKey(tenant);
        TopicPartition partition = new TopicPartition(topic.name(), topic.partitionOf(key));
        AtomicReference<byte @Nullable []> latest = new AtomicReference<>();
        try (PartitionReader reader = PartitionReader.open(clients, ASK_WITHIN)) {
            reader.read(partition, PartitionReader.BEGINNING, record -> {
                if (Arrays.equals(record.key(), key.toBytes())) {
                    latest.set(record.value());
                }
                return true;
            });
        }
        byte[] value = latest.get();
        return value == null ? null : topic.values().deserializer().deserialize(topic.name(), value);
    }

    private KafkaProducer<byte[], byte[]> producer(String tenant) {
        return new KafkaProducer<>(
                clients.producer(Map.of(
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        TRANSACTIONS + tenant,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        ASK_WITHIN.toMillis(),
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        TopicCatalogue.EXTENDED_BATCH_BYTES_MAX)),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }
}

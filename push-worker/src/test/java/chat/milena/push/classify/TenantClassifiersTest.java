package chat.milena.push.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.milena.schemas.avro.ModerationClassifier;
import chat.milena.schemas.avro.ModerationRuleset;
import chat.milena.schemas.avro.Tenant;
import chat.milena.schemas.key.TenantKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.ShippedSchemas;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TenantClassifiersTest {
    private static final Instant SINCE = Instant.parse("2026-01-02T03:04:05Z");
    private static final long SLOW_NANOS = Duration.ofSeconds(15).toNanos();

    private final TopicSpec<TenantKey, Tenant> topic =
            new TopicCatalogue(new Sizing(4, 2, 2, 1, 1, Duration.ofDays(30)), ShippedSchemas.load()).tenants();
    private final TopicPartition partition = new TopicPartition(topic.name(), 0);
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final AtomicLong progress = new AtomicLong();
    private long offset;

    @BeforeEach
    void begin() {
        consumer.updateBeginningOffsets(Map.of(partition, 0L));
    }

    private TenantClassifiers read(long end) {
        consumer.updateEndOffsets(Map.of(partition, end));
        return TenantClassifiers.read(topic, consumer, nanos::get, stopping::get, progress::incrementAndGet);
    }

    private byte[] rules(String tenant) {
        return record(tenant, rules(3, SINCE, "https://" + tenant + ".example/classify", ""), null);
    }

    private static ModerationRuleset rules(long version, Instant since, String url, String secret) {
        return new ModerationRuleset(
                version, since, List.of(), List.of(), null, new ModerationClassifier(url, 1_000L, "pass", secret));
    }

    private byte[] record(String tenant, ModerationRuleset present, @Nullable ModerationRuleset former) {
        return topic.values().serializer().serialize(topic.name(), new Tenant(tenant, present, former));
    }

    private void add(byte[] key, byte[] value) {
        consumer.addRecord(new ConsumerRecord<>(partition.topic(), partition.partition(), offset++, key, value));
    }

    private void add(String tenant, byte[] value) {
        add(new TenantKey(tenant).toBytes(), value);
    }

    @Test
    void manyRulesAreReadForAsLongAsRecordsCome() {
        for (int i = 0; i < 10; i++) {
            String tenant = "tenant-" + i;
            consumer.schedulePollTask(() -> {
                nanos.addAndGet(SLOW_NANOS);
                add(tenant, rules(tenant));
            });
        }

        try (TenantClassifiers tenants = read(10)) {
            assertThat(tenants.find("tenant-9", SINCE)).isNotNull();
            assertThat(tenants.find("tenant-9", SINCE.minusMillis(1))).isNull();
            assertThat(progress).hasValue(10);
        }
    }

    /// All rules of all tenants may be gigabytes.
    @Test
    void readingEndsEarlyWhenTheProcessStops() {
        consumer.schedulePollTask(() -> add("shop", rules("shop")));
        consumer.schedulePollTask(() -> stopping.set(true));

        try (TenantClassifiers tenants = read(1_000)) {
            assertThat(tenants.find("shop", SINCE)).isNotNull();
        }
        assertThat(progress).hasValue(1);
    }

    @Test
    void brokersThatSendNothingEndTheReadingAndItsConsumer() {
        consumer.schedulePollTask(() -> add("shop", rules("shop")));
        for (int i = 0; i < 10; i++) {
            consumer.schedulePollTask(() -> nanos.addAndGet(SLOW_NANOS));
        }

        assertThatThrownBy(() -> read(2)).isInstanceOf(TimeoutException.class);
        assertThat(nanos.get()).isEqualTo(2 * SLOW_NANOS);
        assertThat(progress).as("nothing came since").hasValue(1);
        assertThat(consumer.closed()).isTrue();
    }

    /// The host replaces its secret at another moment than the operator.
    @Test
    void questionsAreSignedWithBothSecretsWhileOneReplacesTheOther() {
        ModerationRuleset former = rules(1, SINCE, "https://shop.example/classify", secret(1));
        ModerationRuleset present = rules(2, SINCE.plusSeconds(60), "https://shop.example/classify", secret(2));
        ModerationRuleset moved = rules(2, SINCE.plusSeconds(60), "https://new.example/classify", secret(2));
        consumer.schedulePollTask(() -> {
            add("shop", record("shop", present, former));
            add("moved", record("moved", moved, former));
        });

        try (TenantClassifiers tenants = read(2)) {
            List<String> before = signatures(tenants, "shop", SINCE);
            List<String> after = signatures(tenants, "shop", SINCE.plusSeconds(60));
            assertThat(before).hasSize(2);
            assertThat(after).isEqualTo(before.reversed());
            assertThat(signatures(tenants, "moved", SINCE)).containsExactly(before.getFirst());
            assertThat(signatures(tenants, "moved", SINCE.plusSeconds(60))).containsExactly(after.getFirst());
        }
    }

    private static String secret(int of) {
        return "whsec_"
                + Base64.getEncoder().encodeToString(new byte[] {
                    (byte) of, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24
                });
    }

    private static List<String> signatures(TenantClassifiers tenants, String tenant, Instant moment) {
        Classifier classifier = Objects.requireNonNull(tenants.find(tenant, moment));
        String head = Objects.requireNonNull(
                classifier.signer().heads("msg_1", SINCE, new byte[] {1}).get("webhook-signature"));
        return List.of(head.split(" ", -1));
    }

    /// The same holds after a restart, which may not find the record before it.
    @Test
    void noClassifierOfATenantHoldsWhoseRecordCannotBeReadAndOthersHold() {
        consumer.schedulePollTask(() -> {
            add("broken", rules("broken"));
            add("shop", rules("shop"));
            add("broken", new byte[] {1, 2, 3});
            add(new byte[] {0, 0}, rules("nobody"));
            add("last", rules("last"));
        });

        try (TenantClassifiers tenants = read(5)) {
            assertThat(tenants.find("broken", SINCE)).isNull();
            assertThat(tenants.find("shop", SINCE)).isNotNull();
            assertThat(tenants.find("last", SINCE)).isNotNull();
        }
    }
}

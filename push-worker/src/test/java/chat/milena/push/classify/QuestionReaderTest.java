package chat.milena.push.classify;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.Hold;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.ModerationClassifier;
import chat.milena.schemas.avro.ModerationRuleset;
import chat.milena.schemas.avro.Tenant;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.EventKey;
import chat.milena.schemas.key.TenantKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.wire.ShippedSchemas;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class QuestionReaderTest {
    private static final TopicPartition PARTITION = new TopicPartition("messages", 0);
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private static byte[] key(String conversationId, long number) {
        return new EventKey(new ConversationKey("shop", conversationId), number).toBytes();
    }

    private static ConsumerRecord<byte[], byte[]> record(long offset, byte @Nullable [] key) {
        return new ConsumerRecord<>(PARTITION.topic(), PARTITION.partition(), offset, key, new byte[1]);
    }

    private static List<Long> latest(List<ConsumerRecord<byte[], byte[]>> records) {
        return QuestionReader.latest(new ConsumerRecords<>(Map.of(PARTITION, records), Map.of())).values().stream()
                .map(ConsumerRecord::offset)
                .toList();
    }

    /// The revision that the question about a record is of; empty without one.
    private static Optional<Long> asked(TimelineEvent event) {
        TopicCatalogue topics =
                new TopicCatalogue(new Sizing(4, 2, 2, 1, 1, Duration.ofDays(30)), ShippedSchemas.load());
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
        TopicPartition rules = new TopicPartition(topics.tenants().name(), 0);
        consumer.updateBeginningOffsets(Map.of(rules, 0L));
        consumer.updateEndOffsets(Map.of(rules, 1L));
        ModerationClassifier classifier = new ModerationClassifier("https://c.example", 1_000L, "pass", "");
        Tenant tenant =
                new Tenant("shop", new ModerationRuleset(1L, NOON, List.of(), List.of(), null, classifier), null);
        consumer.schedulePollTask(() -> consumer.addRecord(new ConsumerRecord<>(
                rules.topic(),
                0,
                0,
                new TenantKey("shop").toBytes(),
                topics.tenants().values().serializer().serialize(rules.topic(), tenant))));
        byte[] key = key("c1", 1);
        byte[] value = topics.messages().values().serializer().serialize(PARTITION.topic(), event);
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(
                PARTITION.topic(),
                0,
                0,
                NOON.toEpochMilli(),
                TimestampType.CREATE_TIME,
                key.length,
                value.length,
                key,
                value,
                new RecordHeaders(),
                Optional.empty());
        try (TenantClassifiers tenants =
                TenantClassifiers.read(topics.tenants(), consumer, () -> 0, () -> false, () -> {})) {
            return Optional.ofNullable(new QuestionReader(topics.messages(), () -> 0)
                            .question(tenants, EventKey.fromBytes(key), record, 1))
                    .map(question -> question.message().revision());
        }
    }

    private static TimelineEvent message(long revision, @Nullable Hold hold) {
        TimelineEvent event = new TimelineEvent();
        event.setTenant("shop");
        event.setConversationId("c1");
        event.setSequenceNumber(1);
        event.setMessageOrdinal(1);
        event.setTimestamp(NOON);
        event.setKind("message");
        event.setActorId("bob");
        event.setActorKind("member");
        event.setParticipants(List.of());
        event.setMessage(new Message("m1", new Content("text", "look", null, null, null), null, null, null));
        event.setRevision(revision);
        event.setHold(hold);
        return event;
    }

    @Test
    void heldMessagesAndEditsAreAskedAboutAndWhatAModeratorReleasedIsNot() {
        List<String> toBen = List.of("ben");

        assertThat(asked(message(0, null))).contains(0L);
        assertThat(asked(message(0, new Hold(toBen, true, 0L, 0L, false))))
                .as("held")
                .contains(0L);
        assertThat(asked(message(0, new Hold(List.of(), true, 7L, 0L, false))))
                .as("released")
                .isEmpty();
        assertThat(asked(message(1, new Hold(toBen, true, 0L, 0L, true))))
                .as("held since an edit")
                .contains(1L);
        assertThat(asked(message(1, new Hold(List.of(), true, 9L, 1L, true))))
                .as("released as edited")
                .isEmpty();
        assertThat(asked(message(2, new Hold(List.of(), true, 9L, 1L, true))))
                .as("edited after its release, not held")
                .contains(2L);
    }

    @Test
    void lastRecordOfEachMessageIsTakenInTheOrderOfTheLog() {
        assertThat(latest(List.of(
                        record(0, key("c1", 1)),
                        record(1, key("c1", 2)),
                        record(2, key("c2", 1)),
                        record(3, key("c1", 1)),
                        record(4, key("c1", 3)),
                        record(5, key("c2", 1)))))
                .containsExactly(1L, 3L, 4L, 5L);
    }

    @Test
    void recordWithoutAKeyOfAnEventIsLeftOut() {
        assertThat(latest(List.of(
                        record(0, key("c1", 1)), record(1, null), record(2, new byte[] {1}), record(3, key("c1", 2)))))
                .containsExactly(0L, 3L);
    }
}

package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.EventKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.wire.ShippedSchemas;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// The canonical log as any other reader of Kafka sees it: committed records only, raw bytes, decoded here.
///
/// @param conversations the events of each conversation, in the order of the log
record MessageLog(Map<ConversationKey, List<TimelineEvent>> conversations) {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// Reads all that is committed by now, and checks what holds of every event: it is in its conversation's partition
    /// under the key of its number, and numbers are 1..n without a gap; only changed messages are written again.
    static MessageLog of(RunningMilena milena) {
        return of(milena.kafka(), new TopicCatalogue(Sizing.EMBEDDED, ShippedSchemas.load()));
    }

    /// The same of another log.
    static MessageLog of(KafkaClients kafka, TopicCatalogue topics) {
        var topic = topics.messages();
        Map<ConversationKey, List<TimelineEvent>> conversations = new LinkedHashMap<>();
        for (ConsumerRecord<byte[], byte[]> entry : committed(kafka, topic.name())) {
            EventKey key = EventKey.fromBytes(entry.key());
            TimelineEvent event = topic.values().deserializer().deserialize(topic.name(), entry.value());
            ConversationKey conversation = new ConversationKey(event.getTenant(), event.getConversationId());
            assertThat(key).isEqualTo(new EventKey(conversation, event.getSequenceNumber()));
            assertThat(entry.partition()).isEqualTo(topic.partitionOf(key));
            add(conversations.computeIfAbsent(conversation, made -> new ArrayList<>()), event);
        }
        conversations.forEach((conversation, events) -> assertThat(events)
                .as("numbers of %s", conversation)
                .extracting(TimelineEvent::getSequenceNumber)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, events.size()).boxed().toList()));
        return new MessageLog(conversations);
    }

    /// An edit or a deletion writes its message again, under the same number: the later record stands.
    private static void add(List<TimelineEvent> events, TimelineEvent event) {
        int number = Math.toIntExact(event.getSequenceNumber());
        if (number > events.size()) {
            events.add(event);
            return;
        }
        TimelineEvent before = events.set(number - 1, event);
        assertThat(event.getMessage().getMessageId())
                .isEqualTo(before.getMessage().getMessageId());
        assertThat(event).isNotEqualTo(before);
    }

    List<TimelineEvent> events(String tenant, String conversationId) {
        return conversations.getOrDefault(new ConversationKey(tenant, conversationId), List.of());
    }

    /// The messages of a conversation of the default tenant: the number of each id. No id may be there twice.
    Map<String, Long> numbers(String conversationId) {
        Map<String, Long> numbers = new LinkedHashMap<>();
        for (TimelineEvent event : messages(conversationId)) {
            Long before = numbers.put(event.getMessage().getMessageId(), event.getSequenceNumber());
            assertThat(before)
                    .as("an earlier number of %s", event.getMessage().getMessageId())
                    .isNull();
        }
        return numbers;
    }

    /// The messages of a conversation of the default tenant.
    List<TimelineEvent> messages(String conversationId) {
        return events("default", conversationId).stream()
                .filter(event -> event.getMessage() != null)
                .toList();
    }

    /// All that is committed to a topic by now, each partition in order.
    static List<ConsumerRecord<byte[], byte[]>> committed(KafkaClients kafka, String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        Map<String, Object> settings = kafka.consumer(Map.of(
                "isolation.level",
                "read_committed",
                // The end is known: an empty partition need not hold up the others.
                "fetch.max.wait.ms",
                10));
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic, PATIENCE).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, PATIENCE);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
                consumer.poll(POLL).forEach(records::add);
            }
        }
        return records;
    }
}

package chat.milena.push.classify;

import chat.milena.push.classify.Question.Asked;
import chat.milena.push.classify.Question.Place;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.key.EventKey;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.word.EventKind;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/// Makes questions of records.
///
/// @param nanoTime a time that never goes back
record QuestionReader(TopicSpec<EventKey, TimelineEvent> topic, LongSupplier nanoTime) {

    /// The last record of each message, in the order of the log. An earlier one holds what its author has edited or
    /// deleted meanwhile.
    static SequencedMap<EventKey, ConsumerRecord<byte[], byte[]>> latest(ConsumerRecords<byte[], byte[]> records) {
        LinkedHashMap<EventKey, ConsumerRecord<byte[], byte[]>> latest = new LinkedHashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            try {
                if (record.key() != null) {
                    latest.putLast(EventKey.fromBytes(record.key()), record);
                }
            } catch (SerializationException e) {
                // The views make a dead letter of it.
            }
        }
        return latest;
    }

    /// The question about a record; null if nobody is asked.
    ///
    /// @param lane the assignment of its partition
    @Nullable
    Question question(TenantClassifiers tenants, EventKey key, ConsumerRecord<byte[], byte[]> record, long lane) {
        Instant writtenAt = Instant.ofEpochMilli(record.timestamp());
        Classifier classifier = tenants.find(key.conversation().tenant(), writtenAt);
        if (classifier == null || record.value() == null) {
            return null;
        }
        TimelineEvent event;
        try {
            event = topic.values().deserializer().deserialize(record.topic(), record.value());
        } catch (SerializationException e) {
            // The views make a dead letter of it.
            return null;
        }
        if (!EventKind.isJudged(event)) {
            return null;
        }
        Message message = event.getMessage();
        Asked asked = new Asked(
                key.conversation(),
                message.getMessageId(),
                event.getSequenceNumber(),
                event.getActorId(),
                event.getTimestamp(),
                event.getRevision(),
                writtenAt,
                message.getContent());
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        Place place = new Place(partition, record.offset(), lane, record.serializedValueSize());
        return new Question(classifier, asked, place, nanoTime.getAsLong());
    }
}

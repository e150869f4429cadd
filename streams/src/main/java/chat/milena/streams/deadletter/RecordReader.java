package chat.milena.streams.deadletter;

import chat.milena.schemas.key.LogKey;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.streams.deadletter.Reading.Decoded;
import chat.milena.streams.deadletter.Reading.Malformed;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Record;

/// Reads the records of one topic from their bytes. Safe for all threads.
///
/// Kafka Streams passes the bytes, and the processor decodes them itself. So a record that cannot be read is
/// handled in order, in the transaction that also moves the offset past it.
///
/// @param bytesMax maximum size of key and value together; the records that result must still fit into their
/// topics
public record RecordReader<K extends LogKey, V extends SpecificRecord>(TopicSpec<K, V> topic, int bytesMax) {

    /// Adds a source of this topic's raw records.
    public void addSource(Topology topology, String source) {
        topology.addSource(
                AutoOffsetReset.earliest(),
                source,
                RecordReader::timestamp,
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                topic.name());
    }

    /// Reads one record.
    ///
    /// @param partition the partition of the record; in another one than the rest of its key, it would be out of
    /// order
    public Reading<K, V> read(Record<byte[], byte[]> record, int partition) {
        int bytes = length(record.key()) + length(record.value());
        if (bytes > bytesMax) {
            return new Malformed<>("record: " + bytes + " bytes, more than " + bytesMax);
        }
        if (record.key() == null) {
            return new Malformed<>("key: missing");
        }
        if (record.value() == null) {
            return new Malformed<>("value: missing");
        }
        K key;
        try {
            key = topic.keys().deserializer().deserialize(topic.name(), record.key());
        } catch (SerializationException e) {
            return new Malformed<>("key: " + e.getMessage());
        }
        if (topic.partitionOf(key) != partition) {
            return new Malformed<>("partition: this key belongs in " + topic.partitionOf(key));
        }
        try {
            return new Decoded<>(key, topic.values().deserializer().deserialize(topic.name(), record.value()));
        } catch (SerializationException e) {
            return new Malformed<>("value: " + e.getMessage());
        }
    }

    /// Kafka Streams drops a record without a timestamp, or stops at it.
    static long timestamp(ConsumerRecord<?, ?> record, long partitionTime) {
        return Math.max(0, record.timestamp());
    }

    private static int length(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}

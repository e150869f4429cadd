package chat.milena.gateway.delivery;

import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.key.ShardKey;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.AcceptedAt;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;

/// Reads deliveries from records of the log. Immutable, safe for all threads.
public final class DeliveryCodec {
    private final TopicSpec<ShardKey, Delivery> topic;

    public DeliveryCodec(TopicSpec<ShardKey, Delivery> topic) {
        this.topic = topic;
    }

    /// The delivery in this record.
    ///
    /// @throws SerializationException if it is none, or is in the wrong shard
    public LoggedDelivery decode(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null || record.value() == null) {
            throw new SerializationException("A delivery has a key and a value");
        }
        ShardKey shard = topic.keys().deserializer().deserialize(topic.name(), record.key());
        if (shard.shard() != record.partition()) {
            throw new SerializationException("A delivery for shard " + shard.shard());
        }
        return decode(
                shard.shard(),
                record.offset(),
                record.timestamp(),
                AcceptedAt.millis(record.headers()),
                record.value());
    }

    /// The delivery with this value and offset.
    ///
    /// @throws SerializationException if it is none
    public LoggedDelivery decode(int shard, long offset, long timestampMillis, byte[] value) {
        return decode(shard, offset, timestampMillis, AcceptedAt.UNKNOWN, value);
    }

    private LoggedDelivery decode(int shard, long offset, long timestampMillis, long acceptedMillis, byte[] value) {
        Delivery delivery = topic.values().deserializer().deserialize(topic.name(), value);
        return new LoggedDelivery(shard, offset, timestampMillis, acceptedMillis, value, delivery);
    }

    /// The partition of a shard's deliveries.
    public TopicPartition partition(int shard) {
        return new TopicPartition(topic.name(), shard);
    }
}

package chat.milena.schemas.key;

import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.SerializationException;

/// A shard of users: the partition of the deliveries topic with the deliveries to their sockets.
public record ShardKey(int shard) implements LogKey {

    @Override
    public byte[] toBytes() {
        return ByteBuffer.allocate(Integer.BYTES).putInt(shard).array();
    }

    /// The shard itself.
    ///
    /// @throws IllegalArgumentException if the topic has too few partitions for this shard
    @Override
    public int partition(int partitions) {
        if (shard >= partitions) {
            throw new IllegalArgumentException("Shard " + shard + " of a topic with " + partitions + " partitions");
        }
        return shard;
    }

    /// Reads the bytes of [#toBytes()].
    ///
    /// @throws SerializationException if the bytes are no such key
    public static ShardKey fromBytes(byte[] bytes) {
        if (bytes.length != Integer.BYTES) {
            throw new SerializationException("A shard's key has 4 bytes, found " + bytes.length);
        }
        return new ShardKey(ByteBuffer.wrap(bytes).getInt());
    }
}

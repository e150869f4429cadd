package chat.milena.schemas.key;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.errors.SerializationException;

/// One numbered event of a conversation; a conversation's events sort by number and share its partition.
public record EventKey(ConversationKey conversation, long sequenceNumber) implements LogKey {

    @Override
    public byte[] toBytes() {
        return KeyBytes.withNumber(conversation.toBytes(), sequenceNumber);
    }

    @Override
    public int partition(int partitions) {
        return conversation.partition(partitions);
    }

    /// Reads the bytes of [#toBytes()].
    ///
    /// @throws SerializationException if the bytes are no such key
    public static EventKey fromBytes(byte[] bytes) {
        int numberAt = bytes.length - Long.BYTES;
        if (numberAt < 2) {
            throw new SerializationException("Too short for the key of an event: " + bytes.length + " bytes");
        }
        ConversationKey conversation = ConversationKey.fromBytes(Arrays.copyOf(bytes, numberAt - 1));
        return new EventKey(conversation, ByteBuffer.wrap(bytes).getLong(numberAt));
    }
}

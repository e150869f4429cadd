package chat.milena.schemas.key;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.errors.SerializationException;

/// A message's position in a list of its conversation; a list sorts by number and shares the conversation's
/// partition.
///
/// @param list its name: `@` and a user id for mentions; `@@` for deleted messages; the id of a message, which
/// never begins with `@`, for its replies
public record ReferenceKey(ConversationKey conversation, String list, long number) implements LogKey {
    /// The number under which a list of replies has the thread as it is now; replies begin with 1.
    public static final long HEAD = 0;

    @Override
    public byte[] toBytes() {
        return KeyBytes.withNumber(KeyBytes.join(conversation.tenant(), conversation.conversationId(), list), number);
    }

    @Override
    public int partition(int partitions) {
        return conversation.partition(partitions);
    }

    /// Reads the bytes of [#toBytes()].
    ///
    /// @throws SerializationException if the bytes are no such key
    public static ReferenceKey fromBytes(byte[] bytes) {
        int numberAt = bytes.length - Long.BYTES;
        if (numberAt < 2) {
            throw new SerializationException("Too short for the key of a reference: " + bytes.length + " bytes");
        }
        String[] parts = KeyBytes.split(Arrays.copyOf(bytes, numberAt - 1), 3);
        ConversationKey conversation = new ConversationKey(parts[0], parts[1]);
        return new ReferenceKey(conversation, parts[2], ByteBuffer.wrap(bytes).getLong(numberAt));
    }
}

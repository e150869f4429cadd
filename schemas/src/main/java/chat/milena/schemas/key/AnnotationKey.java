package chat.milena.schemas.key;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.common.errors.SerializationException;

/// What was added to a message of a conversation, by all or by one person; what all added comes first.
///
/// @param sequenceNumber of the message; 0 for the conversation as a whole
/// @param userId empty for what is not about one person
public record AnnotationKey(ConversationKey conversation, long sequenceNumber, String userId) implements LogKey {
    private static final byte SEPARATOR = 0;

    /// The key of what all added to a message.
    public static AnnotationKey ofMessage(ConversationKey conversation, long sequenceNumber) {
        return new AnnotationKey(conversation, sequenceNumber, "");
    }

    /// The key of what there is in the whole conversation.
    public static AnnotationKey ofConversation(ConversationKey conversation) {
        return new AnnotationKey(conversation, 0, "");
    }

    /// The key of an event, then a separator and the user.
    @Override
    public byte[] toBytes() {
        byte[] message = new EventKey(conversation, sequenceNumber).toBytes();
        byte[] user = userId.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(message.length + 1 + user.length)
                .put(message)
                .put(SEPARATOR)
                .put(user)
                .array();
    }

    @Override
    public int partition(int partitions) {
        return conversation.partition(partitions);
    }

    /// Reads the bytes of [#toBytes()].
    ///
    /// @throws SerializationException if the bytes are no such key
    public static AnnotationKey fromBytes(byte[] bytes) {
        // A number may hold zeros, so the parts before it are found from the front.
        int number = behind(bytes, behind(bytes, 0));
        int user = number + Long.BYTES + 1;
        if (user > bytes.length || bytes[user - 1] != SEPARATOR) {
            throw new SerializationException("No key of an annotation: " + bytes.length + " bytes");
        }
        EventKey message = EventKey.fromBytes(Arrays.copyOf(bytes, user - 1));
        return new AnnotationKey(
                message.conversation(),
                message.sequenceNumber(),
                new String(bytes, user, bytes.length - user, StandardCharsets.UTF_8));
    }

    private static int behind(byte[] bytes, int from) {
        int at = from;
        while (at < bytes.length && bytes[at] != SEPARATOR) {
            at++;
        }
        return at + 1;
    }
}

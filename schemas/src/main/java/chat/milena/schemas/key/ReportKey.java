package chat.milena.schemas.key;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.errors.SerializationException;

/// A message in the queue of the moderators of a tenant: the open ones and the decided ones, each oldest first.
/// All of a tenant are in one partition.
///
/// @param openedMillis when it was first reported or decided on
public record ReportKey(String tenant, boolean decided, long openedMillis, String conversationId, String messageId)
        implements LogKey {
    private static final String OPEN = "open";
    private static final String DECIDED = "decided";

    /// The bytes of the state, of the time and of the message, each behind a separator.
    @Override
    public byte[] toBytes() {
        byte[] time = KeyBytes.withNumber(state(tenant, decided), openedMillis);
        byte[] message = KeyBytes.join("", conversationId, messageId);
        return ByteBuffer.allocate(time.length + message.length)
                .put(time)
                .put(message)
                .array();
    }

    private static byte[] state(String tenant, boolean decided) {
        return KeyBytes.join(tenant, decided ? DECIDED : OPEN);
    }

    /// The bytes that the keys of all messages of a tenant in one state, and no other key, begin with.
    public static byte[] prefix(String tenant, boolean decided) {
        return KeyBytes.join(tenant, decided ? DECIDED : OPEN, "");
    }

    @Override
    public int partition(int partitions) {
        return UserKey.moderation(tenant).partition(partitions);
    }

    /// Reads the bytes of [#toBytes()].
    ///
    /// @throws SerializationException if the bytes are no such key
    public static ReportKey fromBytes(byte[] bytes) {
        // A number may hold zeros, so the parts before it are found from the front.
        int separators = 0;
        int number = 0;
        while (number < bytes.length && separators < 2) {
            separators += bytes[number++] == 0 ? 1 : 0;
        }
        int message = number + Long.BYTES + 1;
        if (message > bytes.length) {
            throw new SerializationException("No key of a report: " + bytes.length + " bytes");
        }
        String[] state = KeyBytes.split(Arrays.copyOf(bytes, number - 1), 2);
        String[] ids = KeyBytes.split(Arrays.copyOfRange(bytes, message, bytes.length), 2);
        long openedMillis = ByteBuffer.wrap(bytes, number, Long.BYTES).getLong();
        return new ReportKey(state[0], state[1].equals(DECIDED), openedMillis, ids[0], ids[1]);
    }
}

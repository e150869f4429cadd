package chat.milena.schemas.key;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.utils.Utils;

/// The layout of all composite keys.
final class KeyBytes {
    private static final byte SEPARATOR = 0;

    private KeyBytes() {}

    static byte[] join(String... parts) {
        return String.join("\0", parts).getBytes(StandardCharsets.UTF_8);
    }

    static byte[] withNumber(byte[] prefix, long number) {
        return ByteBuffer.allocate(prefix.length + 1 + Long.BYTES)
                .put(prefix)
                .put(SEPARATOR)
                .putLong(number)
                .array();
    }

    static String[] split(byte[] key, int parts) {
        String[] split = new String(key, StandardCharsets.UTF_8).split("\0", -1);
        if (split.length != parts) {
            throw new SerializationException("A key of " + parts + " parts was expected, found " + split.length);
        }
        return split;
    }

    /// Kafka's own default: what any other producer keyed by these bytes would choose.
    static int partition(byte[] bytes, int partitions) {
        return Utils.toPositive(Utils.murmur2(bytes)) % partitions;
    }
}

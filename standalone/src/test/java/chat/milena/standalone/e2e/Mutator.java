package chat.milena.standalone.e2e;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/// Makes from something right something that is most likely wrong. The same seed makes the same. For one thread.
final class Mutator {
    private static final int MUTATIONS_MAX = 4;
    private static final List<byte[]> PIECES = Stream.of(
                    "null",
                    "true",
                    "-0",
                    "1e400",
                    "99999999999999999999999",
                    "0.1",
                    "[]",
                    "{}",
                    "\"\"",
                    "\"\\ud800\"",
                    "\"\\u0000\"",
                    "\\u202e",
                    "\"",
                    "\\",
                    ",",
                    ":",
                    "}",
                    "]",
                    "\"type\":\"message.send\",",
                    "\"id\":{},",
                    "\"payload\":[],",
                    "\"__proto__\":{},",
                    "\r\n\r\n",
                    "%00",
                    "../",
                    "\uD83D\uDE00",
                    "[".repeat(200),
                    "{\"a\":".repeat(100),
                    "x".repeat(5_000),
                    "9".repeat(300))
            .map(text -> text.getBytes(StandardCharsets.UTF_8))
            .toList();
    private static final List<byte[]> BYTES = List.of(
            new byte[] {0},
            new byte[] {(byte) 0xff},
            new byte[] {(byte) 0xc0, (byte) 0x80},
            new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
            new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf},
            new byte[] {(byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80});

    private final Random random;

    Mutator(long seed) {
        this.random = new Random(seed);
    }

    /// One of these.
    <T> T oneOf(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    /// True once in so many times.
    boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    /// Up to four changes of this, in text that is text mostly.
    byte[] mutated(String right) {
        byte[] bytes = right.getBytes(StandardCharsets.UTF_8);
        int mutations = 1 + random.nextInt(MUTATIONS_MAX);
        for (int i = 0; i < mutations; i++) {
            bytes = mutatedOnce(bytes);
        }
        return bytes;
    }

    /// Bytes that mean nothing.
    byte[] noise() {
        byte[] bytes = new byte[random.nextInt(300)];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] mutatedOnce(byte[] bytes) {
        int from = random.nextInt(bytes.length + 1);
        int to = Math.min(bytes.length, from + random.nextInt(12));
        return switch (random.nextInt(8)) {
            case 0 -> joined(bytes, from, new byte[0], to);
            case 1, 2 -> joined(bytes, from, oneOf(PIECES), from);
            case 3, 4 -> joined(bytes, from, oneOf(PIECES), to);
            case 5 -> joined(bytes, from, oneOf(BYTES), from);
            case 6 -> joined(bytes, to, Arrays.copyOfRange(bytes, from, to), to);
            default -> flipped(bytes);
        };
    }

    private byte[] flipped(byte[] bytes) {
        byte[] flipped = bytes.clone();
        if (flipped.length > 0) {
            flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return flipped;
    }

    private static byte[] joined(byte[] bytes, int until, byte[] between, int from) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, until);
        out.writeBytes(between);
        out.write(bytes, from, bytes.length - from);
        return out.toByteArray();
    }
}

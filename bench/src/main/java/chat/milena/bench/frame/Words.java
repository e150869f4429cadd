package chat.milena.bench.frame;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A cache of the latest ids on one event loop, so that an id which arrives on a thousand sockets becomes a string
/// once.
///
/// Bounded: an id replaces another with the same hash. Not thread-safe; it belongs to its event loop.
public final class Words {
    private static final int SLOTS = 4096;
    private static final int HASHED_BYTES = 16;

    private static final class Word {
        final byte[] bytes;
        final String string;

        Word(byte[] bytes) {
            this.bytes = bytes;
            this.string = new String(bytes, StandardCharsets.US_ASCII);
        }
    }

    private final @Nullable Word[] words = new Word[SLOTS];

    /// The ASCII string of `source` from `from` up to but without `to`.
    String of(byte[] source, int from, int to) {
        int slot = slotOf(source, from, to);
        Word known = words[slot];
        if (known != null && Arrays.equals(source, from, to, known.bytes, 0, known.bytes.length)) {
            return known.string;
        }
        Word fresh = new Word(Arrays.copyOfRange(source, from, to));
        words[slot] = fresh;
        return fresh.string;
    }

    /// Hashes the end of an id, where consecutive ids differ.
    private static int slotOf(byte[] source, int from, int to) {
        int hash = to - from;
        for (int i = Math.max(from, to - HASHED_BYTES); i < to; i++) {
            hash = 31 * hash + source[i];
        }
        return (hash ^ (hash >>> 16)) & (SLOTS - 1);
    }
}

package chat.milena.bench.hostile;

import java.nio.ByteBuffer;
import java.util.function.IntConsumer;

/// Finds the status lines in the bytes that a server writes on one connection, in pieces of any size, and skips
/// the rest. Not thread-safe.
final class StatusReader {
    private static final String START = "HTTP/1.";
    private static final int MINOR = START.length();
    private static final int BLANK = MINOR + 1;
    private static final int DIGITS = BLANK + 1;
    private static final int END = DIGITS + 3;

    private int matched;
    private int status;

    /// Reads all remaining bytes of `bytes`.
    void read(ByteBuffer bytes, IntConsumer statuses) {
        while (bytes.hasRemaining()) {
            int next = bytes.get();
            if (!fits(next)) {
                matched = next == START.charAt(0) ? 1 : 0;
            } else if (++matched == END) {
                matched = 0;
                statuses.accept(status);
            }
        }
    }

    private boolean fits(int next) {
        if (matched < MINOR) {
            return next == START.charAt(matched);
        }
        if (matched == BLANK) {
            return next == ' ';
        }
        if (next < '0' || next > '9') {
            return false;
        }
        if (matched >= DIGITS) {
            status = matched == DIGITS ? next - '0' : status * 10 + next - '0';
        }
        return true;
    }
}

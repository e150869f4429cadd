package chat.milena.bench.chat;

import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/// Reads lines of bounded length; what a line has beyond the bound is dropped.
final class LineReader {
    static final int LINE_CHARS_MAX = 16_384;

    private final Reader in;

    LineReader(Reader in) {
        this.in = in;
    }

    /// The next line without its end, or null at the end of input.
    @Nullable
    String next() throws IOException {
        StringBuilder line = new StringBuilder();
        int c = in.read();
        if (c < 0) {
            return null;
        }
        while (c >= 0 && c != '\n') {
            if (line.length() < LINE_CHARS_MAX) {
                line.append((char) c);
            }
            c = in.read();
        }
        int end = line.length();
        return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
    }
}

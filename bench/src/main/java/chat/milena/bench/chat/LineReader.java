package chat.milena.bench.chat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UTFDataFormatException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Reads lines of UTF-8, of bounded length.
final class LineReader {
    static final int LINE_BYTES_MAX = 65_536;

    private final InputStream in;

    LineReader(InputStream in) {
        this.in = in;
    }

    /// The next line without its end, or null at the end of input.
    ///
    /// @throws UTFDataFormatException if the line is not UTF-8, or too long; the next call reads the one after it
    @Nullable
    String next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int read = in.read();
        if (read < 0) {
            return null;
        }
        int bytes = 0;
        while (read >= 0 && read != '\n') {
            if (++bytes <= LINE_BYTES_MAX) {
                line.write(read);
            }
            read = in.read();
        }
        if (bytes > LINE_BYTES_MAX) {
            throw new UTFDataFormatException("the line has more than " + LINE_BYTES_MAX + " bytes");
        }
        String text = decoded(line.toByteArray());
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    /// A lenient decoder would replace invalid bytes with other characters, and they would be sent.
    private static String decoded(byte[] line) throws UTFDataFormatException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UTFDataFormatException("the line is not UTF-8");
        }
    }
}

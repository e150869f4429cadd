package chat.milena.runtime.http;

import io.undertow.server.HttpServerExchange;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The one reader of request targets: a percent sign must be followed by two hex digits, and the bytes must be
/// UTF-8 (RFC 3986, section 2). Undertow leaves both to this class, since it would answer a bare 400.
///
/// A path with `;` matches nothing. An encoded slash stays encoded, so it never separates parts of a path.
final class RequestTarget {
    private static final String ENCODED_SLASH = "%2F";

    private RequestTarget() {}

    /// Decodes the path and the query parameters in place.
    ///
    /// @return false if they cannot be read
    static boolean decode(HttpServerExchange exchange) {
        String path = decoded(exchange.getRequestPath(), false);
        if (path == null) {
            return false;
        }
        Map<String, Deque<String>> query = exchange.getQueryParameters();
        List<String[]> parameters = new ArrayList<>();
        for (Map.Entry<String, Deque<String>> entry : query.entrySet()) {
            for (String value : entry.getValue()) {
                String name = decoded(entry.getKey(), true);
                String text = decoded(value, true);
                if (name == null || text == null) {
                    return false;
                }
                parameters.add(new String[] {name, text});
            }
        }
        query.clear();
        parameters.forEach(parameter -> exchange.addQueryParam(parameter[0], parameter[1]));
        exchange.setRequestPath(path);
        exchange.setRelativePath(path);
        return true;
    }

    /// The decoded text.
    ///
    /// @param form whether `+` stands for a space, as in forms
    /// @return null if it cannot be decoded
    static @Nullable String decoded(String raw, boolean form) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c > 0x7E || c < 0x21) {
                return null;
            }
            if (c == '%') {
                boolean whole = i + 2 < raw.length();
                int high = whole ? Character.digit(raw.charAt(i + 1), 16) : -1;
                int low = whole ? Character.digit(raw.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    return null;
                }
                int value = high << 4 | low;
                if (value == '/' && !form) {
                    bytes.writeBytes(ENCODED_SLASH.getBytes(StandardCharsets.US_ASCII));
                } else {
                    bytes.write(value);
                }
                i += 2;
            } else {
                bytes.write(form && c == '+' ? ' ' : c);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}

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
/// A path with `;` matches nothing. Characters that would part a path, when decoded, stay encoded in it until its
/// parts are known: an encoded slash never separates two parts, and an encoded question mark ends none.
final class RequestTarget {
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

    /// A part of a decoded path, decoded to its end.
    static String part(String part) {
        return part.replace("%2F", "/").replace("%3F", "?").replace("%25", "%");
    }

    /// The decoded text.
    ///
    /// @param form whether it is of the query, where `+` stands for a space, as in forms
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
                if (!form && (value == '/' || value == '?' || value == '%')) {
                    bytes.writeBytes("%%%X".formatted(value).getBytes(StandardCharsets.US_ASCII));
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

package chat.milena.gateway.edge;

import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The token of a WebSocket handshake: the word beside `milena.v1` in `Sec-WebSocket-Protocol`, which keeps it out
/// of access logs, or else the query parameter `token`.
final class OfferedToken {
    static final String SUBPROTOCOL = "milena.v1";

    private OfferedToken() {}

    /// The token of this header or query.
    ///
    /// @param parameter the query parameter, if there is one
    /// @return null without a token
    static @Nullable String of(HeaderMap head, @Nullable String parameter) {
        List<String> offered = offered(head);
        if (offered.contains(SUBPROTOCOL)) {
            for (String word : offered) {
                if (!word.equals(SUBPROTOCOL)) {
                    return word;
                }
            }
        }
        return parameter;
    }

    /// Joins several lines into one, which means the same (RFC 9110, section 5.3); Undertow reads only the first.
    static void join(HeaderMap head) {
        HeaderValues lines = head.get(Headers.SEC_WEB_SOCKET_PROTOCOL);
        if (lines != null && lines.size() > 1) {
            head.put(Headers.SEC_WEB_SOCKET_PROTOCOL, String.join(", ", offered(head)));
        }
    }

    private static List<String> offered(HeaderMap head) {
        List<String> words = new ArrayList<>();
        HeaderValues lines = head.get(Headers.SEC_WEB_SOCKET_PROTOCOL);
        if (lines != null) {
            for (String line : lines) {
                for (String word : line.split(",", -1)) {
                    if (!word.isBlank()) {
                        words.add(word.strip());
                    }
                }
            }
        }
        return words;
    }
}

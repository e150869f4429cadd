package chat.milena.bench.hostile;

import chat.milena.bench.call.RawFrames;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The bytes of HTTP requests, valid and invalid ones, made without a library that would correct them. Pure.
final class Requests {
    private final String host;

    Requests(URI server) {
        this.host = RawFrames.host(server);
    }

    byte[] get(String path, @Nullable String token) {
        return bytes(head("GET", path, token) + "\r\n");
    }

    byte[] post(String path, @Nullable String token, byte[] body) {
        byte[] head = bytes(head("POST", path, token) + "Content-Length: " + body.length + "\r\n\r\n");
        byte[] request = new byte[head.length + body.length];
        System.arraycopy(head, 0, request, 0, head.length);
        System.arraycopy(body, 0, request, head.length, body.length);
        return request;
    }

    /// A head that announces a body which these bytes do not contain.
    byte[] announcing(String path, @Nullable String token, int bodyBytes, String... moreLines) {
        String more = moreLines.length == 0 ? "" : String.join("\r\n", moreLines) + "\r\n";
        return bytes(head("POST", path, token) + "Content-Length: " + bodyBytes + "\r\n" + more + "\r\n");
    }

    /// The request line and the first lines of a head, without its end.
    String head(String method, String target, @Nullable String token) {
        return method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\n"
                + (token == null ? "" : "Authorization: Bearer " + token + "\r\n");
    }

    String host() {
        return host;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

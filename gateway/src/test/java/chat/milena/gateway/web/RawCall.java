package chat.milena.gateway.web;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One request as its bytes say, and the whole answer: heads that no HTTP library would send.
///
/// @param head the status line and the fields
record RawCall(String head, String body) {
    private static final int TIMEOUT_MILLIS = 10_000;

    /// Sends lines that are parted by `|`, a blank one before the body, and reads to the end.
    static RawCall send(int port, String request) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(request.replace("|", "\r\n").getBytes(StandardCharsets.UTF_8));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int end = answer.indexOf("\r\n\r\n");
            return new RawCall(answer.substring(0, end), answer.substring(end + 4));
        }
    }

    int status() {
        return Integer.parseInt(head.substring(9, 12));
    }

    /// A field of the head; null if it is not there.
    @Nullable
    String field(String name) {
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ": "))
                .map(line -> line.substring(name.length() + 2))
                .findFirst()
                .orElse(null);
    }
}

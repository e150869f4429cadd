package chat.milena.gateway.edge;

import chat.milena.protocol.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A client of the stream of events over a plain socket, which reads only when asked. For one thread.
final class EventClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket socket;
    private final BufferedReader lines;
    private final List<String> head = new ArrayList<>();
    private String id = "";

    /// @param headers each with its line end
    EventClient(Gateway gateway, String query, String headers) throws IOException {
        socket = new Socket();
        // Small, so that a client which does not read is felt soon.
        socket.setReceiveBufferSize(4 * 1024);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(new java.net.InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), gateway.front.port()));
        OutputStream out = socket.getOutputStream();
        out.write(("GET /events" + query + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + "\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        out.flush();
        lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
            head.add(line);
        }
    }

    /// The status line and the heads of the answer.
    List<String> head() {
        return head;
    }

    /// The last id that came.
    String id() {
        return id;
    }

    /// The next frame; null at the end of the stream. Chunk sizes, which stand on lines of their own, are passed over.
    @org.jspecify.annotations.Nullable
    JsonNode next() throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("data: ")) {
                return Json.parse(line.substring(6)).orElseThrow();
            }
        }
        return null;
    }

    /// The next line that begins so.
    String nextLine(String begin) throws IOException {
        String line = lines.readLine();
        while (line != null && !line.startsWith(begin)) {
            line = lines.readLine();
        }
        return String.valueOf(line);
    }

    /// The next frame, which must be of this type.
    JsonNode next(String type) throws IOException {
        JsonNode frame = next();
        if (frame == null || !frame.path("type").asText().equals(type)) {
            throw new AssertionError("expected " + type + ", came " + frame);
        }
        return frame;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

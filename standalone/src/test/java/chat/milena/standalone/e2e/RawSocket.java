package chat.milena.standalone.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// A WebSocket written by hand, which sends what no library would. For one thread.
final class RawSocket implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int FINAL = 0x80;
    private static final int MASKED = 0x80;
    private static final byte[] MASK = {1, 2, 3, 4};
    private static final int BYE = 1000;
    private static final int NO_CODE = 1005;
    private static final int NO_CLOSE_FRAME = 1006;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final String upgrade;
    private String closedBy = "";

    /// What came: a frame of text, or the end with its code, 1006 where there was none.
    sealed interface Received {
        record Text(JsonNode frame) implements Received {}

        record Closed(int code) implements Received {}
    }

    private RawSocket(int port, String query, String headers) throws IOException {
        socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        out = socket.getOutputStream();
        String request = "GET /ws" + query + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n"
                + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n" + headers + "\r\n";
        out.write(request.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        upgrade = head();
        if (!upgrade.startsWith("HTTP/1.1 101 ")) {
            throw new AssertionError("not upgraded: " + upgrade);
        }
    }

    /// Upgraded, with the token in the address.
    static RawSocket withTokenInAddress(int port, String token) throws IOException {
        return new RawSocket(port, "?token=" + token + "&device_id=raw", "");
    }

    /// Upgraded, with the token among the subprotocols.
    static RawSocket withTokenInHeader(int port, String token) throws IOException {
        return new RawSocket(port, "?device_id=raw", "Sec-WebSocket-Protocol: milena.v1, " + token + "\r\n");
    }

    /// Upgraded, with the token of an earlier connection; not yet greeted.
    static RawSocket resuming(int port, String token, String resumeToken) throws IOException {
        return new RawSocket(
                port, "?device_id=raw&resume=" + resumeToken, "Sec-WebSocket-Protocol: milena.v1, " + token + "\r\n");
    }

    /// Upgraded as a device of its own, with the token of an earlier connection or an empty one; not yet greeted.
    static RawSocket ofDevice(int port, String token, String deviceId, String resumeToken) throws IOException {
        String resume = resumeToken.isEmpty() ? "" : "&resume=" + resumeToken;
        return new RawSocket(
                port, "?device_id=" + deviceId + resume, "Sec-WebSocket-Protocol: milena.v1, " + token + "\r\n");
    }

    /// Upgraded without a device; not yet greeted.
    static RawSocket withoutDevice(int port, String token) throws IOException {
        return new RawSocket(port, "", "Sec-WebSocket-Protocol: milena.v1, " + token + "\r\n");
    }

    static RawSocket withoutToken(int port) throws IOException {
        return new RawSocket(port, "", "");
    }

    /// Upgraded and greeted.
    static RawSocket connected(int port, String token) throws IOException {
        RawSocket socket = withTokenInHeader(port, token);
        JsonNode greeting = socket.nextFrame();
        if (!greeting.path("type").asText().equals("connected")) {
            throw new AssertionError("not greeted but " + greeting);
        }
        return socket;
    }

    /// The head of the answer to the upgrade.
    String upgrade() {
        return upgrade;
    }

    void text(String text) throws IOException {
        text(text.getBytes(StandardCharsets.UTF_8));
    }

    void text(byte[] payload) throws IOException {
        write(TEXT, payload);
    }

    void binary(byte[] payload) throws IOException {
        write(BINARY, payload);
    }

    /// The next frame, of which there must be one.
    JsonNode nextFrame() throws IOException {
        return switch (next()) {
            case Received.Text(var frame) -> frame;
            case Received.Closed(var code) -> throw new AssertionError("closed with " + code);
        };
    }

    /// The next frame of this type; others before it are passed over.
    JsonNode nextFrame(String type) throws IOException {
        JsonNode frame = nextFrame();
        while (!frame.path("type").asText().equals(type)) {
            frame = nextFrame();
        }
        return frame;
    }

    /// What comes next; waits for it. The end is the same within a frame as between two.
    Received next() throws IOException {
        try {
            return read();
        } catch (EOFException e) {
            return new Received.Closed(NO_CLOSE_FRAME);
        }
    }

    private Received read() throws IOException {
        while (true) {
            int first = in.readUnsignedByte();
            byte[] payload = new byte[length(in.readUnsignedByte())];
            in.readFully(payload);
            switch (first & 0x0f) {
                case TEXT -> {
                    JsonNode frame = Rest.JSON.readTree(payload);
                    ProtocolSchema.checkFrame(frame);
                    return new Received.Text(frame);
                }
                case CLOSE -> {
                    write(CLOSE, payload);
                    closedBy = payload.length < 2
                            ? ""
                            : ByteBuffer.wrap(payload).getShort() + " "
                                    + new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
                    return new Received.Closed(
                            payload.length < 2
                                    ? NO_CODE
                                    : ByteBuffer.wrap(payload).getShort());
                }
                default -> {}
            }
        }
    }

    /// Why it was closed: the code and the reason; frames before it are passed over.
    String closeReason() throws IOException {
        while (next() instanceof Received.Text) {}
        return closedBy;
    }

    private int length(int seven) throws IOException {
        return switch (seven) {
            case 126 -> in.readUnsignedShort();
            case 127 -> Math.toIntExact(in.readLong());
            default -> seven;
        };
    }

    private void write(int opcode, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 14);
        frame.put((byte) (FINAL | opcode));
        if (payload.length < 126) {
            frame.put((byte) (MASKED | payload.length));
        } else if (payload.length <= 0xffff) {
            frame.put((byte) (MASKED | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (MASKED | 127)).putLong(payload.length);
        }
        frame.put(MASK);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ MASK[i % MASK.length]));
        }
        out.write(frame.array(), 0, frame.position());
        out.flush();
    }

    private String head() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        return head.toString();
    }

    /// Says goodbye; the other side closes.
    void leave() throws IOException {
        write(CLOSE, new byte[] {(byte) (BYE >> 8), (byte) BYE});
    }

    /// Cuts the connection without a goodbye, even of TCP.
    void cut() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

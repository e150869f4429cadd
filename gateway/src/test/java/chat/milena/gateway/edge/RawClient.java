package chat.milena.gateway.edge;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// A client that speaks WebSocket byte by byte, so that it can do what a good one never would: send broken frames, or
/// not read.
final class RawClient implements AutoCloseable {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;
    private static final int FINAL = 0x80;
    private static final int MASKED = 0x80;
    private static final int SHORT = 126;
    private static final int LONG = 127;
    private static final int RECEIVE_BYTES = 8 * 1024;
    private static final int TIMEOUT_MILLIS = 5_000;

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final OutputStream out;
    private final String head;

    /// A frame as it came.
    record Frame(int opcode, String text, int closeCode) {}

    RawClient(int port, String token) throws IOException {
        socket.setReceiveBufferSize(RECEIVE_BYTES);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
        out.write(upgrade(token).getBytes(StandardCharsets.US_ASCII));
        StringBuilder answer = new StringBuilder();
        while (answer.indexOf("\r\n\r\n") < 0) {
            answer.append((char) in.readUnsignedByte());
        }
        head = answer.toString();
        if (!head.startsWith("HTTP/1.1 101")) {
            throw new IOException("no upgrade: " + head);
        }
    }

    /// The request for a WebSocket with this token.
    static String upgrade(String token) {
        return "GET /ws?token=" + token + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    }

    /// The head of the answer that upgraded.
    String head() {
        return head;
    }

    void send(int opcode, byte[] payload) throws IOException {
        send(FINAL | opcode, true, payload);
    }

    void sendFragment(int opcode, byte[] payload) throws IOException {
        send(opcode, true, payload);
    }

    void sendUnmasked(byte[] payload) throws IOException {
        send(FINAL | TEXT, false, payload);
    }

    /// Sends these bytes as they are.
    void sendBytes(int... bytes) throws IOException {
        for (int one : bytes) {
            out.write(one);
        }
    }

    private void send(int first, boolean masked, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 14).put((byte) first);
        int mask = masked ? MASKED : 0;
        if (payload.length < SHORT) {
            frame.put((byte) (mask | payload.length));
        } else if (payload.length <= 0xFFFF) {
            frame.put((byte) (mask | SHORT)).putShort((short) payload.length);
        } else {
            frame.put((byte) (mask | LONG)).putLong(payload.length);
        }
        if (masked) {
            // A mask of zeros changes nothing.
            frame.putInt(0);
        }
        frame.put(payload);
        out.write(frame.array(), 0, frame.position());
    }

    /// Reads one byte of whatever comes.
    void readByte() throws IOException {
        in.readUnsignedByte();
    }

    /// Goes without a word, and without a last one of its system.
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    Frame read() throws IOException {
        int opcode = in.readUnsignedByte() & 0xF;
        int length = in.readUnsignedByte();
        if (length == SHORT) {
            length = in.readUnsignedShort();
        } else if (length == LONG) {
            length = Math.toIntExact(in.readLong());
        }
        byte[] payload = in.readNBytes(length);
        int closeCode = opcode == CLOSE ? ByteBuffer.wrap(payload).getShort() & 0xFFFF : 0;
        return new Frame(opcode, new String(payload, StandardCharsets.UTF_8), closeCode);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

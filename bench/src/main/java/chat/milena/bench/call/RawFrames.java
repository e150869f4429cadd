package chat.milena.bench.call;

import chat.milena.bench.client.ClientOptions;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.random.RandomGenerator;

/// Writes the bytes of a WebSocket client without a library, for connections that must cost next to nothing, or
/// that behave in ways that no library permits. Pure, except for the random masks.
public final class RawFrames {
    private static final int NONCE_BYTES = 16;
    private static final int SHORT_MAX = 125;
    private static final int FINAL_BIT = 0x80;
    private static final int MASK_BIT = 0x80;
    private static final int TWO_BYTES = 126;

    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    private RawFrames() {}

    /// The upgrade request; the token is sent as a subprotocol.
    public static byte[] handshake(URI server, String deviceId, String token, RandomGenerator random) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        String request = "GET /ws?device_id=" + URLEncoder.encode(deviceId, StandardCharsets.UTF_8) + " HTTP/1.1\r\n"
                + "Host: " + host(server) + "\r\n"
                + "Upgrade: websocket\r\n"
                + "Connection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: " + Base64.getEncoder().encodeToString(nonce) + "\r\n"
                + "Sec-WebSocket-Protocol: milena.v1, " + token + "\r\n\r\n";
        return request.getBytes(StandardCharsets.US_ASCII);
    }

    /// The value of a `Host` header.
    public static String host(URI server) {
        return server.getHost() + ":" + ClientOptions.port(server);
    }

    /// A heartbeat frame of the protocol.
    public static byte[] heartbeat(long timestamp, RandomGenerator random) {
        String json = "{\"type\":\"heartbeat\",\"timestamp\":" + timestamp + "}";
        return frame(TEXT, json.getBytes(StandardCharsets.US_ASCII), random);
    }

    /// A close frame with code 1000.
    public static byte[] goodbye(RandomGenerator random) {
        return frame(CLOSE, new byte[] {(byte) (1000 >> 8), (byte) 1000}, random);
    }

    /// A whole text frame of at most 65,535 bytes.
    public static byte[] text(byte[] utf8, RandomGenerator random) {
        return frame(TEXT, utf8, random);
    }

    /// A ping of at most 125 bytes.
    public static byte[] ping(byte[] payload, RandomGenerator random) {
        return frame(PING, payload, random);
    }

    /// A part of a text frame, not the last.
    public static byte[] part(boolean first, byte[] utf8, RandomGenerator random) {
        byte[] frame = frame(first ? TEXT : CONTINUATION, utf8, random);
        frame[0] = (byte) (frame[0] & ~FINAL_BIT);
        return frame;
    }

    static byte[] pong(byte[] payload, RandomGenerator random) {
        return frame(PONG, payload, random);
    }

    private static byte[] frame(int opcode, byte[] payload, RandomGenerator random) {
        boolean isShort = payload.length <= SHORT_MAX;
        ByteBuffer frame = ByteBuffer.allocate(payload.length + (isShort ? 6 : 8));
        frame.put((byte) (FINAL_BIT | opcode));
        if (isShort) {
            frame.put((byte) (MASK_BIT | payload.length));
        } else {
            frame.put((byte) (MASK_BIT | TWO_BYTES)).putShort((short) payload.length);
        }
        byte[] mask = new byte[4];
        random.nextBytes(mask);
        frame.put(mask);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ mask[i & 3]));
        }
        return frame.array();
    }
}

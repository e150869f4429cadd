package chat.milena.gateway.server;

import java.nio.ByteBuffer;
import java.util.List;

/// Frames of a server as bytes: whole, unmasked (RFC 6455, section 5.2).
final class WireFrames {
    private static final byte WHOLE_TEXT = (byte) 0x81;
    private static final byte PONG = (byte) 0x8A;
    /// Up to it, and up to the largest unsigned short, a length takes one byte, and two more.
    private static final int SHORT_MAX = 125;

    private static final int MEDIUM_MAX = 0xFFFF;
    private static final byte MEDIUM = 126;
    private static final byte LONG = 127;
    private static final int HEAD_MAX = 10;

    private WireFrames() {}

    /// One text frame for each of these texts, one after the other.
    static ByteBuffer texts(List<ByteBuffer> texts) {
        int bytes = texts.stream().mapToInt(text -> HEAD_MAX + text.remaining()).sum();
        ByteBuffer frames = ByteBuffer.allocate(bytes);
        for (ByteBuffer text : texts) {
            put(frames, WHOLE_TEXT, text);
        }
        return frames.flip();
    }

    /// @param payload of the ping
    static ByteBuffer pong(ByteBuffer payload) {
        ByteBuffer frame = ByteBuffer.allocate(HEAD_MAX + payload.remaining());
        put(frame, PONG, payload);
        return frame.flip();
    }

    private static void put(ByteBuffer frames, byte first, ByteBuffer payload) {
        int length = payload.remaining();
        frames.put(first);
        if (length <= SHORT_MAX) {
            frames.put((byte) length);
        } else if (length <= MEDIUM_MAX) {
            frames.put(MEDIUM).putShort((short) length);
        } else {
            frames.put(LONG).putLong(length);
        }
        frames.put(payload);
    }
}

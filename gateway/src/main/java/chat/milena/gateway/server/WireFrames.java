package chat.milena.gateway.server;

import java.nio.ByteBuffer;
import java.util.List;

/// Frames of a server as bytes: whole, unmasked (RFC 6455, section 5.2). Each is there until its thread makes the next:
/// it lies outside the heap, from where the system can take it, and what large groups are sent would fill the heap a
/// good deal faster.
final class WireFrames {
    private static final byte WHOLE_TEXT = (byte) 0x81;
    private static final byte PONG = (byte) 0x8A;
    /// Up to it, and up to the largest unsigned short, a length takes one byte, and two more.
    private static final int SHORT_MAX = 125;

    private static final int MEDIUM_MAX = 0xFFFF;
    private static final byte MEDIUM = 126;
    private static final byte LONG = 127;
    private static final int HEAD_MAX = 10;
    /// What goes to one socket at once is hardly ever more.
    private static final int USUAL_MAX = 64 * 1024;

    /// Few threads write: those of the listener, and the bulk lane's.
    private static final ThreadLocal<ByteBuffer> USUAL =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(USUAL_MAX));

    private WireFrames() {}

    /// One text frame for each of these texts, one after the other.
    static ByteBuffer texts(List<ByteBuffer> texts) {
        int bytes = 0;
        for (ByteBuffer text : texts) {
            bytes += HEAD_MAX + text.remaining();
        }
        ByteBuffer frames = room(bytes);
        for (ByteBuffer text : texts) {
            put(frames, WHOLE_TEXT, text);
        }
        return frames.flip();
    }

    /// @param payload of the ping
    static ByteBuffer pong(ByteBuffer payload) {
        ByteBuffer frame = room(HEAD_MAX + payload.remaining());
        put(frame, PONG, payload);
        return frame.flip();
    }

    private static ByteBuffer room(int bytes) {
        return bytes <= USUAL_MAX ? USUAL.get().clear() : ByteBuffer.allocate(bytes);
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

package chat.milena.gateway.edge;

import java.nio.ByteBuffer;
import java.util.List;

/// Makes frames of a server as bytes: whole, unmasked (RFC 6455, section 5.2). Safe for all threads.
///
/// Frames up to 64 KiB are outside of the heap, from where the system takes them without another copy, in a buffer
/// of the calling thread. The buffer is reused for the next frames of the thread, so a caller that keeps them must
/// copy them. The writing threads are those of the listener and of the bulk lane; a short-lived thread, such as a
/// virtual one, would pay for a buffer and use it once.
final class WireFrames {
    private static final byte WHOLE_TEXT = (byte) 0x81;
    private static final byte PONG = (byte) 0x8A;
    /// Up to it, and up to the largest unsigned short, a length takes one byte, and two more.
    private static final int SHORT_MAX = 125;

    private static final int MEDIUM_MAX = 0xFFFF;
    private static final byte MEDIUM = 126;
    private static final byte LONG = 127;
    private static final int HEAD_MAX = 10;
    /// One write to a socket is rarely larger; a larger one is made on the heap.
    private static final int USUAL_MAX = 64 * 1024;

    private final ThreadLocal<ByteBuffer> usual = ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(USUAL_MAX));

    /// One text frame for each of these texts, one after the other.
    ByteBuffer texts(List<ByteBuffer> texts) {
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
    ByteBuffer pong(ByteBuffer payload) {
        ByteBuffer frame = room(HEAD_MAX + payload.remaining());
        put(frame, PONG, payload);
        return frame.flip();
    }

    private ByteBuffer room(int bytes) {
        return bytes <= USUAL_MAX ? usual.get().clear() : ByteBuffer.allocate(bytes);
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

package chat.milena.bench.call;

import chat.milena.bench.client.CloseReason;
import chat.milena.bench.client.SocketHandler;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Reads the bytes that a server writes on one WebSocket, from the answer to the upgrade on, in pieces of any
/// size.
///
/// Between pieces it keeps only an incomplete frame. A frame is at most [#FRAME_BYTES_MAX] long and never split,
/// since the server sends no parts. Not thread-safe.
public final class RawReader {
    private static final int FRAME_BYTES_MAX = 4 << 20;
    private static final int HEAD_BYTES_MAX = 16 << 10;
    private static final byte[] NOTHING = new byte[0];

    /// Receives the parts in the order of the wire. After [#refused], [#closed] and [#broken] there are no more
    /// calls.
    public interface Sink {
        /// The upgrade was refused.
        ///
        /// @param retryAfter null if the answer does not have it
        void refused(int status, @Nullable Duration retryAfter);

        void text(byte[] utf8);

        /// A ping; the answer to it is this frame.
        void ping(byte[] pongFrame);

        void closed(CloseReason reason);

        /// The bytes are not those of a WebSocket.
        void broken(String why);
    }

    private byte[] rest = NOTHING;
    private boolean upgraded;
    private boolean over;

    /// Reads all remaining bytes of `fresh`.
    public void read(ByteBuffer fresh, Sink sink) {
        ByteBuffer bytes = fresh;
        if (rest.length > 0) {
            bytes = ByteBuffer.allocate(rest.length + fresh.remaining());
            bytes.put(rest).put(fresh).flip();
            rest = NOTHING;
        }
        boolean more = true;
        while (more && !over) {
            more = upgraded ? frame(bytes, sink) : head(bytes, sink);
        }
        if (!over && bytes.hasRemaining()) {
            rest = new byte[bytes.remaining()];
            bytes.get(rest);
        }
    }

    private boolean head(ByteBuffer bytes, Sink sink) {
        int end = endOfHead(bytes);
        if (end < 0) {
            if (bytes.remaining() > HEAD_BYTES_MAX) {
                end(() -> sink.broken("the answer to the upgrade has no end"));
            }
            return false;
        }
        byte[] head = new byte[end - bytes.position()];
        bytes.get(head);
        String[] lines = new String(head, StandardCharsets.ISO_8859_1).split("\r\n", -1);
        String[] first = lines[0].split(" ", -1);
        if (first.length < 2 || !first[0].startsWith("HTTP/1.") || !first[1].matches("\\d{3}")) {
            end(() -> sink.broken("the answer to the upgrade is not HTTP"));
            return false;
        }
        int status = Integer.parseInt(first[1]);
        if (status != 101) {
            end(() -> sink.refused(status, retryAfter(lines)));
            return false;
        }
        upgraded = true;
        return true;
    }

    private static int endOfHead(ByteBuffer bytes) {
        for (int i = bytes.position(); i + 3 < bytes.limit(); i++) {
            if (bytes.get(i) == '\r'
                    && bytes.get(i + 1) == '\n'
                    && bytes.get(i + 2) == '\r'
                    && bytes.get(i + 3) == '\n') {
                return i + 4;
            }
        }
        return -1;
    }

    private static @Nullable Duration retryAfter(String[] lines) {
        for (String line : lines) {
            if (line.toLowerCase(Locale.ROOT).startsWith("retry-after:")) {
                return SocketHandler.retryAfter(line.substring(line.indexOf(':') + 1), SocketHandler.UPGRADE_AFTER_MAX);
            }
        }
        return null;
    }

    /// Reads one frame; false if it is not complete.
    private boolean frame(ByteBuffer bytes, Sink sink) {
        int start = bytes.position();
        if (bytes.remaining() < 2) {
            return false;
        }
        int opcode = bytes.get() & 0x0f;
        int second = bytes.get();
        long length = second & 0x7f;
        int lengthBytes = length == 126 ? 2 : length == 127 ? 8 : 0;
        if (bytes.remaining() < lengthBytes) {
            bytes.position(start);
            return false;
        }
        if (lengthBytes > 0) {
            length = lengthBytes == 2 ? bytes.getShort() & 0xffff : bytes.getLong();
        }
        if (second < 0 || (bytes.get(start) & 0x80) == 0 || length < 0 || length > FRAME_BYTES_MAX) {
            end(() -> sink.broken("a masked frame, a part of one, or one that is too long"));
            return false;
        }
        if (bytes.remaining() < length) {
            bytes.position(start);
            return false;
        }
        byte[] payload = new byte[(int) length];
        bytes.get(payload);
        take(opcode, payload, sink);
        return true;
    }

    private void take(int opcode, byte[] payload, Sink sink) {
        switch (opcode) {
            case RawFrames.TEXT -> sink.text(payload);
            case RawFrames.PING -> sink.ping(RawFrames.pong(payload, ThreadLocalRandom.current()));
            case RawFrames.PONG -> {}
            case RawFrames.CLOSE -> end(() -> sink.closed(reason(payload)));
            default -> end(() -> sink.broken("a frame that is neither text nor control"));
        }
    }

    private static CloseReason reason(byte[] payload) {
        if (payload.length < 2) {
            return new CloseReason(1005, "");
        }
        int code = (payload[0] & 0xff) << 8 | (payload[1] & 0xff);
        return new CloseReason(
                code, new String(Arrays.copyOfRange(payload, 2, payload.length), StandardCharsets.UTF_8));
    }

    private void end(Runnable report) {
        over = true;
        report.run();
    }
}

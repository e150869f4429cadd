package chat.milena.protocol.frame;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One encoded frame on its way to sockets. Immutable, so the same one goes to every recipient.
public final class ServerFrame {
    private final ServerFrameType type;
    private final byte[] utf8;
    private final @Nullable String conversationId;
    private final boolean fleeting;

    /// @param utf8 the frame's text; not to be changed afterwards
    private ServerFrame(ServerFrameType type, byte[] utf8, @Nullable String conversationId, boolean fleeting) {
        this.type = type;
        this.utf8 = utf8;
        this.conversationId = conversationId;
        this.fleeting = fleeting;
    }

    /// A frame that is never dropped.
    static ServerFrame of(FromServer frame) {
        return answer(frame, null);
    }

    /// A frame that answers another one, and is never dropped.
    ///
    /// @param id what the client called that one
    static ServerFrame answer(FromServer frame, @Nullable String id) {
        return new ServerFrame(frame.type(), FrameJson.bytes(frame, id), null, false);
    }

    /// A frame that may be dropped for a client that falls behind, which must then sync this conversation.
    static ServerFrame droppable(FromServer frame, String conversationId) {
        return new ServerFrame(frame.type(), FrameJson.bytes(frame, null), conversationId, false);
    }

    /// A frame that counts only for the moment.
    static ServerFrame fleeting(FromServer frame) {
        return new ServerFrame(frame.type(), FrameJson.bytes(frame, null), null, true);
    }

    public ServerFrameType type() {
        return type;
    }

    /// Length of the text in UTF-8.
    public int bytes() {
        return utf8.length;
    }

    /// The text in UTF-8, to be read only; position and limit are the caller's own.
    public ByteBuffer buffer() {
        // Not asReadOnlyBuffer: sockets write a heap buffer's array without going byte by byte.
        return ByteBuffer.wrap(utf8);
    }

    /// The same frame as an event of a stream (SSE).
    ///
    /// @param id what a client goes on from; null leaves it at the last one
    public ServerFrame asEvent(@Nullable String id) {
        byte[] head = (id == null ? "data: " : "id: " + id + "\ndata: ").getBytes(StandardCharsets.US_ASCII);
        // JSON text holds no line breaks, which would end the field.
        byte[] event = Arrays.copyOf(head, head.length + utf8.length + 2);
        System.arraycopy(utf8, 0, event, head.length, utf8.length);
        event[event.length - 2] = '\n';
        event[event.length - 1] = '\n';
        return new ServerFrame(type, event, conversationId, fleeting);
    }

    /// Nothing but a sign of life in a stream of events.
    ///
    /// @param id what a client goes on from; null leaves it at the last one
    public static ServerFrame comment(@Nullable String id) {
        String text = id == null ? ": alive\n\n" : ": alive\nid: " + id + "\n\n";
        return new ServerFrame(ServerFrameType.HEARTBEAT, text.getBytes(StandardCharsets.US_ASCII), null, false);
    }

    /// Of a frame that may be dropped for a client that falls behind, the conversation which that client must then
    /// sync; null for a frame that is never dropped.
    public @Nullable String conversationId() {
        return conversationId;
    }

    /// Whether a client that falls behind never learns of it, and misses nothing that lasts.
    public boolean isFleeting() {
        return fleeting;
    }

    /// The text. For tests and debugging.
    @Override
    public String toString() {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}

package chat.milena.protocol.frame;

import chat.milena.protocol.json.ProtocolJson;
import chat.milena.schemas.word.ErrorCode;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One encoded frame. Immutable, so the same one goes to every recipient.
public final class ServerFrame {
    private final ServerFrameType type;
    private final byte[] utf8;
    private final @Nullable String conversationId;
    private final boolean fleeting;
    private final @Nullable ErrorCode error;

    /// @param utf8 the text of the frame; must not change afterwards
    private ServerFrame(
            ServerFrameType type,
            byte[] utf8,
            @Nullable String conversationId,
            boolean fleeting,
            @Nullable ErrorCode error) {
        this.type = type;
        this.utf8 = utf8;
        this.conversationId = conversationId;
        this.fleeting = fleeting;
        this.error = error;
    }

    /// A frame that is never dropped.
    static ServerFrame of(FromServer frame) {
        return answer(frame, null);
    }

    /// A frame that answers another one, and is never dropped.
    ///
    /// @param id the `id` of that frame
    static ServerFrame answer(FromServer frame, @Nullable String id) {
        ErrorCode error = frame instanceof FromServer.Refused refused ? refused.error() : null;
        return new ServerFrame(frame.type(), bytes(frame, id), null, false, error);
    }

    /// A frame that may be dropped for a slow client, which must then sync this conversation.
    static ServerFrame droppable(FromServer frame, String conversationId) {
        return new ServerFrame(frame.type(), bytes(frame, null), conversationId, false, null);
    }

    /// An ephemeral frame.
    static ServerFrame fleeting(FromServer frame) {
        return new ServerFrame(frame.type(), bytes(frame, null), null, true, null);
    }

    /// As JSON in UTF-8, on one line; the same for WebSocket, streams of events and polls.
    private static byte[] bytes(FromServer frame, @Nullable String id) {
        String type = frame.type().word();
        return ProtocolJson.bytes(
                frame instanceof FromServer.Flat flat
                        ? new FlatFrame(type, id, flat)
                        : new PayloadFrame(type, id, frame));
    }

    private record FlatFrame(
            String type, @Nullable String id, @JsonUnwrapped FromServer.Flat fields) {}

    private record PayloadFrame(String type, @Nullable String id, FromServer payload) {}

    public ServerFrameType type() {
        return type;
    }

    /// The length of the text in UTF-8.
    public int bytes() {
        return utf8.length;
    }

    /// The text in UTF-8, to be read only; position and limit belong to the caller.
    public ByteBuffer buffer() {
        // Not asReadOnlyBuffer: sockets write the array of a heap buffer as a whole.
        return ByteBuffer.wrap(utf8);
    }

    /// The same frame as an event of a stream (SSE).
    ///
    /// @param id the resume token of the event; null keeps the last one
    public ServerFrame asEvent(@Nullable String id) {
        byte[] head = (id == null ? "data: " : "id: " + id + "\ndata: ").getBytes(StandardCharsets.US_ASCII);
        // JSON text holds no line breaks, which would end the field.
        byte[] event = Arrays.copyOf(head, head.length + utf8.length + 2);
        System.arraycopy(utf8, 0, event, head.length, utf8.length);
        event[event.length - 2] = '\n';
        event[event.length - 1] = '\n';
        return new ServerFrame(type, event, conversationId, fleeting, error);
    }

    /// A comment that keeps a stream of events alive.
    ///
    /// @param id the resume token; null keeps the last one
    public static ServerFrame comment(@Nullable String id) {
        String text = id == null ? ": alive\n\n" : ": alive\nid: " + id + "\n\n";
        return new ServerFrame(ServerFrameType.HEARTBEAT, text.getBytes(StandardCharsets.US_ASCII), null, false, null);
    }

    /// The conversation that a slow client must sync if this frame is dropped; null for a frame that is never
    /// dropped.
    public @Nullable String conversationId() {
        return conversationId;
    }

    /// The code of a rejection; null for any other frame.
    public @Nullable ErrorCode error() {
        return error;
    }

    /// Whether the frame is ephemeral: dropped silently for slow clients.
    public boolean isFleeting() {
        return fleeting;
    }

    /// The text. For tests and debugging.
    @Override
    public String toString() {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}

package chat.milena.protocol.frame;

import chat.milena.protocol.json.ProtocolJson;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.jspecify.annotations.Nullable;

/// Encodes frames of the server, the same for WebSocket, streams of events and polls. Pure.
public final class FrameJson {
    private FrameJson() {}

    /// A frame as JSON in UTF-8, on one line.
    ///
    /// @param id the `id` of the frame that this one answers
    public static byte[] bytes(FromServer frame, @Nullable String id) {
        String type = frame.type().word();
        return ProtocolJson.bytes(
                frame instanceof FromServer.Flat flat
                        ? new FlatFrame(type, id, flat)
                        : new PayloadFrame(type, id, frame));
    }

    private record FlatFrame(
            String type, @Nullable String id, @JsonUnwrapped FromServer.Flat fields) {}

    private record PayloadFrame(String type, @Nullable String id, FromServer payload) {}
}

package chat.milena.protocol.frame;

import chat.milena.schemas.avro.ChangeMessage;
import chat.milena.schemas.avro.MarkReceipt;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.word.CommandKind;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.schemas.word.ReceiptKind;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A client's frame, checked: one of the frames that this version serves, or why it is rejected. Immutable.
public sealed interface ClientFrame {

    /// `message.send`.
    ///
    /// @param id the request id of the client, which comes back with the answer
    record MessageSend(@Nullable String id, String conversationId, Message message) implements ClientFrame {}

    /// `message.edit`, `message.delete`, `message.react` or `message.pin`.
    record MessageChange(@Nullable String id, String conversationId, CommandKind kind, ChangeMessage change)
            implements ClientFrame {}

    /// `message.delivered` or `message.read`.
    record Receipt(@Nullable String id, String conversationId, ReceiptKind kind, MarkReceipt mark)
            implements ClientFrame {}

    /// `heartbeat`.
    record Heartbeat(@Nullable String id) implements ClientFrame {}

    /// `token.refresh`.
    record TokenRefresh(@Nullable String id, String token) implements ClientFrame {
        @Override
        public String toString() {
            return "TokenRefresh[hidden]";
        }
    }

    /// `sync`.
    ///
    /// @param body as in the REST call for a sync, not yet checked
    record Sync(@Nullable String id, JsonNode body) implements ClientFrame {
        @Override
        public String toString() {
            return "Sync[" + id + "]";
        }
    }

    /// Ephemeral frames: presence and typing.
    sealed interface Live extends ClientFrame {
        /// The request id of the client.
        @Nullable
        String id();

        /// The value of the frame's `type`.
        String type();
    }

    /// `typing.start` or `typing.stop`.
    record Typing(@Nullable String id, String conversationId, boolean starts) implements Live {
        @Override
        public String type() {
            return starts ? "typing.start" : "typing.stop";
        }
    }

    /// `presence.subscribe`.
    record PresenceSubscribe(@Nullable String id, List<String> userIds) implements Live {
        @Override
        public String type() {
            return "presence.subscribe";
        }
    }

    /// `presence.unsubscribe`.
    record PresenceUnsubscribe(@Nullable String id, List<String> userIds) implements Live {
        @Override
        public String type() {
            return "presence.unsubscribe";
        }
    }

    /// `presence.set`.
    ///
    /// @param deviceType the type of the device in the client's words; null to keep the last one
    record PresenceSet(
            @Nullable String id,
            PresenceStatus status,
            @Nullable String deviceType) implements Live {
        @Override
        public String type() {
            return "presence.set";
        }
    }

    /// A frame that cannot be served: the answer is this error, and it has no other effect.
    record Rejected(@Nullable String id, ErrorCode code, String reason) implements ClientFrame {}

    /// Not a frame at all; a client that keeps sending such frames is disconnected.
    record Malformed(String reason) implements ClientFrame {}
}

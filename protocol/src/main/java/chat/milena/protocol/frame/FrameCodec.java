package chat.milena.protocol.frame;

import chat.milena.protocol.frame.ClientFrame.Heartbeat;
import chat.milena.protocol.frame.ClientFrame.Malformed;
import chat.milena.protocol.frame.ClientFrame.MessageChange;
import chat.milena.protocol.frame.ClientFrame.MessageSend;
import chat.milena.protocol.frame.ClientFrame.Receipt;
import chat.milena.protocol.frame.ClientFrame.Rejected;
import chat.milena.protocol.frame.ClientFrame.Sync;
import chat.milena.protocol.frame.ClientFrame.TokenRefresh;
import chat.milena.protocol.json.Fields;
import chat.milena.protocol.json.Fields.Rejection;
import chat.milena.protocol.json.Json;
import chat.milena.schemas.avro.ChangeMessage;
import chat.milena.schemas.avro.MarkReceipt;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.word.CommandKind;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.schemas.word.ReceiptKind;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Turns the text of a WebSocket frame into a checked [ClientFrame]. Pure, safe for all threads.
public final class FrameCodec {
    private static final int ID_CHARS_MAX = 128;

    private final MessageReader messages;
    private final MessageChangeReader changes;

    public FrameCodec(Limits limits) {
        this.messages = new MessageReader(limits);
        this.changes = new MessageChangeReader(limits);
    }

    /// The frame in this text.
    ///
    /// @param now the time that `expiresAt` is compared with
    public ClientFrame decode(String text, Instant now) {
        JsonNode frame = Json.parse(text).orElse(null);
        if (frame == null) {
            return new Malformed("not JSON, or a duplicate name");
        }
        if (!frame.isObject()) {
            return new Malformed("not a JSON object");
        }
        JsonNode type = frame.get("type");
        if (type == null || !type.isTextual()) {
            return new Malformed("type: a string is required");
        }
        JsonNode id = frame.get("id");
        if (id != null && !id.isNull() && !isRequestId(id)) {
            return new Rejected(
                    null, ErrorCode.INVALID_REQUEST, "id: must be a string of at most " + ID_CHARS_MAX + " characters");
        }
        return decode(type.textValue(), id == null ? null : id.textValue(), frame, now);
    }

    private ClientFrame decode(String type, @Nullable String id, JsonNode frame, Instant now) {
        ClientFrameType known = ClientFrameType.parse(type);
        if (known == null) {
            return new Rejected(id, ErrorCode.INVALID_REQUEST, "type: unknown");
        }
        return switch (known) {
            case MESSAGE_SEND -> messageSend(id, frame, now);
            case MESSAGE_EDIT -> messageChange(id, frame, CommandKind.MESSAGE_EDIT, changes::edit);
            case MESSAGE_DELETE -> messageChange(id, frame, CommandKind.MESSAGE_DELETE, MessageChangeReader::delete);
            case MESSAGE_REACT -> messageChange(id, frame, CommandKind.MESSAGE_REACT, MessageChangeReader::react);
            case MESSAGE_PIN -> messageChange(id, frame, CommandKind.MESSAGE_PIN, MessageChangeReader::pin);
            case MESSAGE_DELIVERED -> receipt(id, ReceiptKind.DELIVERED, frame);
            case MESSAGE_READ -> receipt(id, ReceiptKind.READ, frame);
            case HEARTBEAT -> new Heartbeat(id);
            case SYNC -> sync(id, frame);
            case TYPING_START -> live(frame, id, payload -> LiveReader.typing(id, payload, true));
            case TYPING_STOP -> live(frame, id, payload -> LiveReader.typing(id, payload, false));
            case PRESENCE_SUBSCRIBE -> live(frame, id, payload -> LiveReader.subscribe(id, payload));
            case PRESENCE_UNSUBSCRIBE -> live(frame, id, payload -> LiveReader.unsubscribe(id, payload));
            case PRESENCE_SET -> live(frame, id, payload -> LiveReader.set(id, payload));
            case TOKEN_REFRESH -> tokenRefresh(id, frame);
        };
    }

    private ClientFrame messageSend(@Nullable String id, JsonNode frame, Instant now) {
        JsonNode payload = frame.get("payload");
        if (payload == null || !payload.isObject()) {
            return payloadMissing(id);
        }
        Fields fields = Fields.of(payload, "payload.", ErrorCode.INVALID_MESSAGE);
        String conversationId = fields.id("conversationId");
        Message message = messages.read(fields, now);
        Rejection rejection = fields.rejection();
        return rejection == null
                ? new MessageSend(id, conversationId, message)
                : new Rejected(id, rejection.code(), rejection.reason());
    }

    private static ClientFrame messageChange(
            @Nullable String id, JsonNode frame, CommandKind kind, Function<Fields, ChangeMessage> read) {
        JsonNode payload = frame.get("payload");
        if (payload == null || !payload.isObject()) {
            return payloadMissing(id);
        }
        Fields fields = Fields.of(payload, "payload.", ErrorCode.INVALID_MESSAGE);
        String conversationId = fields.id("conversationId");
        ChangeMessage change = read.apply(fields);
        Rejection rejection = fields.rejection();
        return rejection == null
                ? new MessageChange(id, conversationId, kind, change)
                : new Rejected(id, rejection.code(), rejection.reason());
    }

    private static ClientFrame receipt(@Nullable String id, ReceiptKind kind, JsonNode frame) {
        JsonNode payload = frame.get("payload");
        if (payload == null || !payload.isObject()) {
            return payloadMissing(id);
        }
        Fields fields = Fields.of(payload, "payload.", ErrorCode.INVALID_REQUEST);
        String conversationId = fields.id("conversationId");
        MarkReceipt mark = switch (kind) {
            case DELIVERED -> ReceiptReader.read(fields);
            case READ -> ReceiptReader.readMark(fields);
        };
        Rejection rejection = fields.rejection();
        return rejection == null
                ? new Receipt(id, conversationId, kind, mark)
                : new Rejected(id, rejection.code(), rejection.reason());
    }

    private static ClientFrame tokenRefresh(@Nullable String id, JsonNode frame) {
        JsonNode payload = frame.get("payload");
        if (payload == null || !payload.isObject()) {
            return payloadMissing(id);
        }
        Fields fields = Fields.of(payload, "payload.", ErrorCode.INVALID_REQUEST);
        String token = fields.text("token");
        Rejection rejection = fields.rejection();
        return rejection == null ? new TokenRefresh(id, token) : new Rejected(id, rejection.code(), rejection.reason());
    }

    private static ClientFrame sync(@Nullable String id, JsonNode frame) {
        JsonNode payload = frame.get("payload");
        return payload == null || !payload.isObject() ? payloadMissing(id) : new Sync(id, payload);
    }

    private static ClientFrame live(JsonNode frame, @Nullable String id, Function<Fields, ClientFrame> read) {
        JsonNode payload = frame.get("payload");
        if (payload == null || !payload.isObject()) {
            return payloadMissing(id);
        }
        Fields fields = Fields.of(payload, "payload.", ErrorCode.INVALID_REQUEST);
        ClientFrame live = read.apply(fields);
        Rejection rejection = fields.rejection();
        return rejection == null ? live : new Rejected(id, rejection.code(), rejection.reason());
    }

    private static Rejected payloadMissing(@Nullable String id) {
        return new Rejected(id, ErrorCode.INVALID_REQUEST, "payload: an object is required");
    }

    private static boolean isRequestId(JsonNode id) {
        return id.isTextual() && id.textValue().length() <= ID_CHARS_MAX && !Json.hasLoneSurrogate(id.textValue());
    }
}

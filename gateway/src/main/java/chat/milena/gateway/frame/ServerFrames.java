package chat.milena.gateway.frame;

import chat.milena.runtime.json.Json;
import chat.milena.schemas.avro.CommandOutcome;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.ConversationSnapshot;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.MovedReceipt;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.schemas.word.OutcomeStatus;
import chat.milena.schemas.word.ReceiptKind;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Encodes the frames that clients are sent, field for field as the protocol fixes them. Pure.
public final class ServerFrames {
    private ServerFrames() {}

    /// The first frame of a connection; flat.
    ///
    /// @param resumeToken null where there is no place to go on from
    public static ServerFrame connected(
            String connectionId,
            Instant serverTime,
            Duration heartbeatInterval,
            @Nullable String resumeToken,
            boolean resumed) {
        return flat(ServerFrameType.CONNECTED, null, json -> {
            json.writeStringField("connectionId", connectionId);
            json.writeNumberField("serverTime", serverTime.toEpochMilli());
            json.writeNumberField("heartbeatInterval", heartbeatInterval.toMillis());
            json.writeStringField("resumeToken", resumeToken == null ? "" : resumeToken);
            json.writeBooleanField("resumed", resumed);
        });
    }

    /// The answer to a heartbeat; flat.
    ///
    /// @param resumeToken stands for all frames before this one; left out where it is null
    public static ServerFrame heartbeat(@Nullable String id, Instant serverTime, @Nullable String resumeToken) {
        return flat(ServerFrameType.HEARTBEAT, id, json -> {
            json.writeNumberField("serverTime", serverTime.toEpochMilli());
            if (resumeToken != null) {
                json.writeStringField("resumeToken", resumeToken);
            }
        });
    }

    /// The answer to a frame that has no other; flat, since there is nothing to say.
    public static ServerFrame ok(@Nullable String id) {
        return flat(ServerFrameType.OK, id, json -> {});
    }

    /// A refusal.
    public static ServerFrame error(@Nullable String id, ErrorCode code, String message) {
        return error(id, code, message, null);
    }

    /// A refusal.
    ///
    /// @param retryAfter when trying again makes sense; told in whole seconds
    public static ServerFrame error(
            @Nullable String id, ErrorCode code, String message, @Nullable Duration retryAfter) {
        return framed(ServerFrameType.ERROR, id, null, json -> {
            json.writeStringField("error", code.word());
            json.writeStringField("message", message);
            if (retryAfter != null) {
                json.writeNumberField("retryAfter", Math.max(1, retryAfter.toSeconds()));
            }
        });
    }

    /// The answer to a message that was sequenced, now or before.
    public static ServerFrame messageAck(@Nullable String id, String conversationId, CommandOutcome outcome) {
        return framed(ServerFrameType.MESSAGE_ACK, id, null, json -> {
            json.writeStringField("messageId", outcome.getMessageId());
            json.writeStringField("conversationId", conversationId);
            json.writeNumberField("sequenceNumber", outcome.getSequenceNumber());
            json.writeNumberField("timestamp", outcome.getTimestamp().toEpochMilli());
            json.writeBooleanField("duplicate", outcome.getStatus().equals(OutcomeStatus.DUPLICATE.word()));
        });
    }

    /// The answer to a sync.
    ///
    /// @param result the answer of `POST /api/v1/sync`, as JSON text
    public static ServerFrame syncResult(@Nullable String id, String result) {
        byte[] frame = Json.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("type", ServerFrameType.SYNC_RESULT.word());
            if (id != null) {
                json.writeStringField("id", id);
            }
            json.writeFieldName("payload");
            json.writeRawValue(result);
            json.writeEndObject();
        });
        return new ServerFrame(ServerFrameType.SYNC_RESULT, frame, null);
    }

    /// A message for everyone but the device that sent it. May be dropped.
    public static ServerFrame messageNew(TimelineEvent event) {
        Message message = event.getMessage();
        return framed(ServerFrameType.MESSAGE_NEW, null, event.getConversationId(), json -> {
            json.writeStringField("messageId", message.getMessageId());
            json.writeStringField("conversationId", event.getConversationId());
            json.writeStringField("senderId", event.getActorId());
            json.writeFieldName("content");
            writeContent(json, message.getContent());
            json.writeNumberField("sequenceNumber", event.getSequenceNumber());
            json.writeNumberField("timestamp", event.getTimestamp().toEpochMilli());
            if (message.getExpiresAt() != null) {
                json.writeNumberField("expiresAt", message.getExpiresAt().toEpochMilli());
            }
        });
    }

    /// What was missed of one conversation, oldest first. May be dropped.
    ///
    /// @param expired numbers of messages that are no longer shown
    public static ServerFrame messagesOffline(String conversationId, List<TimelineEvent> entries, List<Long> expired) {
        return framed(ServerFrameType.MESSAGES_OFFLINE, null, conversationId, json -> {
            json.writeStringField("conversationId", conversationId);
            json.writeArrayFieldStart("messages");
            for (TimelineEvent entry : entries) {
                writeEntry(json, entry);
            }
            json.writeEndArray();
            if (!expired.isEmpty()) {
                json.writeArrayFieldStart("expired");
                for (long number : expired) {
                    json.writeStartObject();
                    json.writeNumberField("from", number);
                    json.writeNumberField("to", number);
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
        });
    }

    /// A timeline entry as in history: of a kind of a later version, clients at least see that its number is no gap.
    private static void writeEntry(JsonGenerator json, TimelineEvent event) throws IOException {
        json.writeStartObject();
        json.writeNumberField("sequenceNumber", event.getSequenceNumber());
        json.writeNumberField("timestamp", event.getTimestamp().toEpochMilli());
        json.writeStringField("kind", event.getKind());
        Message message = event.getMessage();
        if (message == null) {
            json.writeStringField("actorId", event.getActorId());
        } else {
            json.writeStringField("messageId", message.getMessageId());
            json.writeStringField("senderId", event.getActorId());
            json.writeFieldName("content");
            writeContent(json, message.getContent());
            if (message.getExpiresAt() != null) {
                json.writeNumberField("expiresAt", message.getExpiresAt().toEpochMilli());
            }
        }
        json.writeEndObject();
    }

    /// That messages are on somebody's device, or were read. May be dropped.
    public static ServerFrame receipt(ReceiptKind kind, String conversationId, MovedReceipt receipt) {
        return switch (kind) {
            case DELIVERED -> messageDelivered(conversationId, receipt);
            case READ -> messageReadReceipt(conversationId, receipt);
        };
    }

    private static ServerFrame messageDelivered(String conversationId, MovedReceipt receipt) {
        return framed(ServerFrameType.MESSAGE_DELIVERED, null, conversationId, json -> {
            json.writeStringField("conversationId", conversationId);
            json.writeArrayFieldStart("messageIds");
            for (String messageId : receipt.getMessageIds()) {
                json.writeString(messageId);
            }
            json.writeEndArray();
            json.writeNumberField("deliveredUpToSequence", receipt.getUpToSequence());
            json.writeStringField("deliveredTo", receipt.getUserId());
            json.writeNumberField("timestamp", receipt.getTimestamp().toEpochMilli());
        });
    }

    private static ServerFrame messageReadReceipt(String conversationId, MovedReceipt receipt) {
        return framed(ServerFrameType.MESSAGE_READ_RECEIPT, null, conversationId, json -> {
            json.writeStringField("conversationId", conversationId);
            json.writeNumberField("readUpToSequence", receipt.getUpToSequence());
            json.writeStringField("readBy", receipt.getUserId());
            json.writeNumberField("timestamp", receipt.getTimestamp().toEpochMilli());
        });
    }

    /// A new conversation, for everyone in it, or one that is new to whoever came in. May be dropped.
    public static ServerFrame conversationCreated(TimelineEvent event, ConversationSnapshot conversation) {
        return conversation(ServerFrameType.CONVERSATION_CREATED, event, conversation);
    }

    /// A conversation after a change. May be dropped.
    public static ServerFrame conversationUpdated(TimelineEvent event, ConversationSnapshot conversation) {
        return conversation(ServerFrameType.CONVERSATION_UPDATED, event, conversation);
    }

    private static ServerFrame conversation(
            ServerFrameType type, TimelineEvent event, ConversationSnapshot conversation) {
        return framed(type, null, event.getConversationId(), json -> {
            ConversationJson.writeFields(json, event.getConversationId(), conversation);
            json.writeNumberField("sequenceNumber", event.getSequenceNumber());
        });
    }

    /// The end of a conversation for who was removed from it, or left. May be dropped.
    public static ServerFrame conversationLeft(TimelineEvent event) {
        return framed(ServerFrameType.CONVERSATION_LEFT, null, event.getConversationId(), json -> {
            json.writeStringField("conversationId", event.getConversationId());
            json.writeNumberField("sequenceNumber", event.getSequenceNumber());
        });
    }

    /// A warning that the token ends.
    public static ServerFrame tokenExpiring(Instant expiresAt) {
        return framed(
                ServerFrameType.TOKEN_EXPIRING,
                null,
                null,
                json -> json.writeNumberField("expiresAt", expiresAt.toEpochMilli()));
    }

    /// A request to leave, and when to come back.
    public static ServerFrame serverDraining(Duration reconnectAfter) {
        return framed(
                ServerFrameType.SERVER_DRAINING,
                null,
                null,
                json -> json.writeNumberField("reconnectAfterMs", reconnectAfter.toMillis()));
    }

    /// The conversations of which frames were dropped.
    public static ServerFrame resync(Collection<String> conversationIds) {
        return framed(ServerFrameType.RESYNC, null, null, json -> {
            json.writeArrayFieldStart("conversationIds");
            for (String conversationId : conversationIds) {
                json.writeString(conversationId);
            }
            json.writeEndArray();
        });
    }

    private static void writeContent(JsonGenerator json, Content content) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", content.getType());
        if (content.getText() != null) {
            json.writeStringField("text", content.getText());
        }
        if (content.getMediaUrl() != null) {
            json.writeStringField("mediaUrl", content.getMediaUrl());
        }
        if (content.getMetadata() != null) {
            json.writeFieldName("metadata");
            // It was written by us from a parsed object, so it is one JSON value.
            json.writeRawValue(content.getMetadata());
        }
        json.writeEndObject();
    }

    /// A frame that may be dropped without a word.
    static ServerFrame fleeting(ServerFrameType type, Json.Writer payload) {
        return ServerFrame.fleeting(type, text(type, null, payload));
    }

    static ServerFrame framed(
            ServerFrameType type, @Nullable String id, @Nullable String conversationId, Json.Writer payload) {
        return new ServerFrame(type, text(type, id, payload), conversationId);
    }

    private static byte[] text(ServerFrameType type, @Nullable String id, Json.Writer payload) {
        return Json.bytes(json -> {
            start(json, type, id);
            json.writeObjectFieldStart("payload");
            payload.write(json);
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    private static ServerFrame flat(ServerFrameType type, @Nullable String id, Json.Writer fields) {
        byte[] utf8 = Json.bytes(json -> {
            start(json, type, id);
            fields.write(json);
            json.writeEndObject();
        });
        return new ServerFrame(type, utf8, null);
    }

    private static void start(JsonGenerator json, ServerFrameType type, @Nullable String id) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", type.word());
        if (id != null) {
            json.writeStringField("id", id);
        }
    }
}

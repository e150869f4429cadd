package chat.milena.bench.frame;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Decodes server frames with a streaming parser that skips all but the fields of [ServerFrame]. A
/// [MessageScanner] decodes plain messages before it.
///
/// One reader belongs to one connection and is not thread-safe: it keeps its buffer and its fields from frame to
/// frame.
public final class FrameReader {
    private static final JsonFactory JSON = new JsonFactory();

    private final boolean wantsText;
    private final MessageScanner scanner;
    private byte[] bytes = new byte[512];

    private @Nullable String type;
    private @Nullable String id;
    private @Nullable String messageId;
    private @Nullable String conversationId;
    private @Nullable String senderId;
    private @Nullable String connectionId;
    private @Nullable String name;
    private @Nullable String text;
    private @Nullable String replyTo;
    private @Nullable String threadOf;
    private @Nullable String emoji;
    private @Nullable String errorCode;
    private @Nullable String errorMessage;
    private @Nullable String resumeToken;
    private List<String> conversationIds = List.of();
    private List<Long> sequenceNumbers = List.of();
    private Map<String, Long> reactions = Map.of();
    private List<ServerFrame.Entry> entries = List.of();
    private List<ServerFrame.Expired> expired = List.of();
    private long sequenceNumber;
    private long timestamp;
    private long serverTime;
    private long heartbeatInterval;
    private long threadOrdinal;
    private long targetSequence;
    private long revision;
    private long count;
    private long expiresAt;
    private long reconnectAfterMs;
    private double retryAfter;
    private boolean duplicate;
    private boolean resumed;
    private boolean hidden;
    private boolean released;

    /// A reader whose ids come from `words`, which it shares with the other readers of its thread.
    public FrameReader(boolean wantsText, Words words) {
        this.wantsText = wantsText;
        this.scanner = new MessageScanner(words);
    }

    public ServerFrame read(ByteBuf frame) {
        int length = frame.readableBytes();
        if (bytes.length < length) {
            bytes = new byte[Math.max(length, bytes.length * 2)];
        }
        frame.getBytes(frame.readerIndex(), bytes, 0, length);
        if (!wantsText) {
            ServerFrame.MessageNew message = scanner.scan(bytes, length);
            if (message != null) {
                return message;
            }
        }
        clear();
        try (JsonParser parser = JSON.createParser(bytes, 0, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return new ServerFrame.Malformed("not a JSON object");
            }
            readObject(parser, false);
            if (parser.nextToken() != null) {
                return new ServerFrame.Malformed("more than one JSON value");
            }
            return frame();
        } catch (IOException e) {
            return new ServerFrame.Malformed("not JSON");
        }
    }

    private void readObject(JsonParser parser, boolean payload) throws IOException {
        String field;
        while ((field = parser.nextFieldName()) != null) {
            JsonToken value = parser.nextToken();
            switch (value) {
                case START_OBJECT -> readNested(parser, field, payload);
                case START_ARRAY -> readArray(parser, field, payload);
                case VALUE_STRING -> readString(parser, field, payload);
                case VALUE_NUMBER_INT -> readNumber(field, parser.getLongValue());
                case VALUE_NUMBER_FLOAT -> {
                    if (field.equals("retryAfter")) {
                        retryAfter = parser.getDoubleValue();
                    }
                }
                case VALUE_TRUE -> {
                    switch (field) {
                        case "duplicate" -> duplicate = true;
                        case "resumed" -> resumed = true;
                        case "hidden" -> hidden = true;
                        case "released" -> released = true;
                        default -> {}
                    }
                }
                default -> {}
            }
        }
    }

    private void readNested(JsonParser parser, String field, boolean payload) throws IOException {
        if (!payload && field.equals("payload")) {
            readObject(parser, true);
        } else if (payload && wantsText && field.equals("content")) {
            text = innerText(parser, "text");
        } else if (payload && wantsText && field.equals("replyTo")) {
            replyTo = innerText(parser, "messageId");
        } else {
            parser.skipChildren();
        }
    }

    private static @Nullable String innerText(JsonParser parser, String wanted) throws IOException {
        String found = null;
        String inner;
        while ((inner = parser.nextFieldName()) != null) {
            JsonToken value = parser.nextToken();
            if (value == JsonToken.VALUE_STRING && inner.equals(wanted)) {
                found = parser.getText();
            } else {
                parser.skipChildren();
            }
        }
        return found;
    }

    private @Nullable About about() {
        if (replyTo != null) {
            return new About(replyTo, false);
        }
        return wantsText && threadOf != null ? new About(threadOf, true, threadOrdinal) : null;
    }

    private void readArray(JsonParser parser, String field, boolean payload) throws IOException {
        if (field.equals("conversationIds")) {
            conversationIds = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                conversationIds.add(parser.getText());
            }
        } else if (payload && field.equals("sequenceNumbers")) {
            sequenceNumbers = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                sequenceNumbers.add(parser.getLongValue());
            }
        } else if (payload && field.equals("reactions")) {
            reactions = counts(parser);
        } else if (payload && field.equals("messages")) {
            entries = OfflineReader.entries(parser, wantsText);
        } else if (payload && field.equals("expired")) {
            expired = OfflineReader.expired(parser);
        } else {
            parser.skipChildren();
        }
    }

    private static Map<String, Long> counts(JsonParser parser) throws IOException {
        Map<String, Long> counts = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            String emoji = "";
            long count = 0;
            String field;
            while ((field = parser.nextFieldName()) != null) {
                JsonToken value = parser.nextToken();
                if (field.equals("emoji")) {
                    emoji = parser.getText();
                } else if (value == JsonToken.VALUE_NUMBER_INT) {
                    count = parser.getLongValue();
                } else {
                    parser.skipChildren();
                }
            }
            counts.put(emoji, count);
        }
        return counts;
    }

    private void readString(JsonParser parser, String field, boolean payload) throws IOException {
        switch (field) {
            case "type" -> {
                if (!payload) {
                    type = parser.getText();
                }
            }
            case "id" -> {
                if (!payload) {
                    id = parser.getText();
                }
            }
            case "messageId" -> messageId = parser.getText();
            case "conversationId" -> conversationId = parser.getText();
            case "senderId" -> senderId = parser.getText();
            case "threadOf" -> threadOf = parser.getText();
            case "connectionId" -> connectionId = parser.getText();
            case "resumeToken" -> resumeToken = parser.getText().isEmpty() ? null : parser.getText();
            case "name" -> name = parser.getText();
            case "emoji" -> emoji = parser.getText();
            case "error" -> errorCode = parser.getText();
            case "message" -> errorMessage = parser.getText();
            default -> {}
        }
    }

    private void readNumber(String field, long value) {
        switch (field) {
            case "sequenceNumber" -> sequenceNumber = value;
            case "timestamp" -> timestamp = value;
            case "serverTime" -> serverTime = value;
            case "heartbeatInterval" -> heartbeatInterval = value;
            case "retryAfter" -> retryAfter = value;
            case "threadOrdinal" -> threadOrdinal = value;
            case "targetSequence" -> targetSequence = value;
            case "revision" -> revision = value;
            case "count" -> count = value;
            case "expiresAt" -> expiresAt = value;
            case "reconnectAfterMs" -> reconnectAfterMs = value;
            default -> {}
        }
    }

    private ServerFrame frame() {
        String frameType = type;
        if (frameType == null) {
            return new ServerFrame.Malformed("no type");
        }
        return switch (frameType) {
            case "message.new" -> messageNew();
            case "message.ack" -> messageAck();
            case "connected" ->
                connectionId == null
                        ? missing(frameType)
                        : new ServerFrame.Connected(
                                connectionId, serverTime, Duration.ofMillis(heartbeatInterval), resumeToken, resumed);
            case "conversation.created" ->
                conversationId == null || sequenceNumber < 1
                        ? missing(frameType)
                        : new ServerFrame.ConversationCreated(conversationId, name, sequenceNumber);
            case "error" ->
                errorCode == null
                        ? missing(frameType)
                        : new ServerFrame.Refusal(
                                id, errorCode, errorMessage == null ? "" : errorMessage, retryAfter());
            case "ok" -> new ServerFrame.Ok(id);
            case "heartbeat" -> new ServerFrame.Heartbeat(serverTime, resumeToken);
            case "server.draining" -> new ServerFrame.Draining(Duration.ofMillis(Math.max(0, reconnectAfterMs)));
            case "token.expiring" -> new ServerFrame.TokenExpiring(expiresAt);
            case "resync" -> new ServerFrame.Resync(List.copyOf(conversationIds));
            case "messages.offline" ->
                conversationId == null || !entries.stream().allMatch(ServerFrame.Entry::isWhole)
                        ? missing(frameType)
                        : new ServerFrame.Offline(conversationId, entries, expired);
            case "conversation.updated",
                    "conversation.left",
                    "message.updated",
                    "message.deleted",
                    "message.reaction",
                    "message.pinned" ->
                conversationId == null || sequenceNumber < 1
                        ? missing(frameType)
                        : new ServerFrame.TimelineChange(
                                changeType(frameType), conversationId, numbers(), messageId, text, effect());
            default -> new ServerFrame.Other(frameType);
        };
    }

    private List<Long> numbers() {
        return sequenceNumbers.isEmpty() ? List.of(sequenceNumber) : List.copyOf(sequenceNumbers);
    }

    /// A message that is held for a moderator, and one that is no longer, have types of their own here.
    private String changeType(String frameType) {
        if (hidden) {
            return ServerFrame.TimelineChange.HIDDEN;
        }
        return released ? ServerFrame.TimelineChange.RELEASED : frameType;
    }

    private ServerFrame messageNew() {
        if (hidden && conversationId != null && sequenceNumber >= 1) {
            return new ServerFrame.TimelineChange(
                    ServerFrame.TimelineChange.HIDDEN, conversationId, numbers(), null, null);
        }
        if (messageId == null || conversationId == null || senderId == null || sequenceNumber < 1) {
            return missing("message.new");
        }
        return new ServerFrame.MessageNew(
                messageId, conversationId, senderId, sequenceNumber, timestamp, text, about());
    }

    private ServerFrame.@Nullable Effect effect() {
        return targetSequence == 0 ? null : new ServerFrame.Effect(targetSequence, revision, emoji, count, reactions);
    }

    private ServerFrame messageAck() {
        if (messageId == null || conversationId == null || sequenceNumber < 1) {
            return missing("message.ack");
        }
        return new ServerFrame.MessageAck(
                id, messageId, conversationId, sequenceNumber, timestamp, duplicate, threadOrdinal);
    }

    private @Nullable Duration retryAfter() {
        return retryAfter <= 0 ? null : Duration.ofMillis((long) (retryAfter * 1000));
    }

    private static ServerFrame missing(String type) {
        return new ServerFrame.Malformed(type + " without a field it must have");
    }

    private void clear() {
        type = null;
        id = null;
        messageId = null;
        conversationId = null;
        senderId = null;
        connectionId = null;
        name = null;
        text = null;
        replyTo = null;
        threadOf = null;
        emoji = null;
        errorCode = null;
        errorMessage = null;
        resumeToken = null;
        conversationIds = List.of();
        sequenceNumbers = List.of();
        reactions = Map.of();
        entries = List.of();
        expired = List.of();
        sequenceNumber = 0;
        timestamp = 0;
        serverTime = 0;
        heartbeatInterval = 0;
        threadOrdinal = 0;
        targetSequence = 0;
        revision = 0;
        count = 0;
        expiresAt = 0;
        reconnectAfterMs = 0;
        retryAfter = 0;
        duplicate = false;
        resumed = false;
        hidden = false;
        released = false;
    }
}

package chat.milena.standalone.sync;

import chat.milena.protocol.json.ProtocolJson;
import chat.milena.protocol.read.History;
import chat.milena.protocol.read.SyncedConversation;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.NavigableMap;
import java.util.TreeMap;

/// What a client has of one conversation: an earlier answer, and all frames and answers since, applied as
/// docs/protocol.md says. For one thread.
final class FoldedTimeline {
    private static final JsonMapper JSON = new JsonMapper();

    private final NavigableMap<Long, ObjectNode> entries = new TreeMap<>();

    /// The last number that it has.
    long last() {
        return entries.isEmpty() ? 0 : entries.lastKey();
    }

    void add(History page) {
        json(page).path("messages").forEach(this::put);
    }

    void add(SyncedConversation answer) {
        JsonNode synced = json(answer);
        synced.path("messages").forEach(this::put);
        synced.path("changed").forEach(this::put);
    }

    private void put(JsonNode entry) {
        ObjectNode known = entry.deepCopy();
        known.remove("status");
        entries.put(entry.path("sequenceNumber").asLong(), known);
    }

    static JsonNode parse(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode json(Record answer) {
        return parse(ProtocolJson.bytes(answer));
    }

    /// Applies a live frame.
    void live(JsonNode frame) {
        JsonNode payload = frame.path("payload");
        switch (frame.path("type").asText()) {
            case "message.new" -> {
                ObjectNode entry = JSON.createObjectNode();
                for (String field : new String[] {
                    "sequenceNumber",
                    "timestamp",
                    "messageId",
                    "senderId",
                    "content",
                    "expiresAt",
                    "replyTo",
                    "threadOf",
                    "threadOrdinal",
                    "showInConversation"
                }) {
                    if (payload.has(field)) {
                        entry.set(field, payload.get(field));
                    }
                }
                put(entry.put("kind", "message").put("revision", 0));
                if (payload.has("threadOf")) {
                    String rootId = payload.path("threadOf").asText();
                    entries.values().stream()
                            .filter(root -> root.path("messageId").asText().equals(rootId))
                            .filter(root -> root.path("kind").asText().equals("message"))
                            .forEach(root -> root.set("thread", payload.get("thread")));
                }
            }
            case "message.updated" -> {
                ObjectNode target = entries.get(payload.path("targetSequence").asLong());
                if (target != null) {
                    target.set("content", payload.get("content"));
                    target.set("revision", payload.get("revision"));
                    target.set("editedAt", payload.get("editedAt"));
                }
                put(event(payload, "message.edited"));
            }
            case "message.deleted" -> {
                ObjectNode target = entries.get(payload.path("targetSequence").asLong());
                if (target != null) {
                    target.remove("content");
                    target.set("deletedAt", payload.get("timestamp"));
                    target.set("deletedBy", payload.get("deletedBy"));
                }
                put(event(payload, "message.deleted"));
            }
            default -> put(event(payload, "another"));
        }
    }

    private static ObjectNode event(JsonNode payload, String kind) {
        ObjectNode event = JSON.createObjectNode();
        event.set("sequenceNumber", payload.get("sequenceNumber"));
        return event.put("kind", kind);
    }

    /// All messages, and of everything else the number.
    String text() {
        StringBuilder text = new StringBuilder();
        entries.forEach((number, entry) -> {
            text.append(number).append(' ');
            if (entry.path("kind").asText().equals("message")) {
                NavigableMap<String, JsonNode> sorted = new TreeMap<>();
                entry.properties().forEach(field -> sorted.put(field.getKey(), field.getValue()));
                text.append(sorted);
            }
            text.append('\n');
        });
        return text.toString();
    }
}

package chat.milena.standalone.sync;

import chat.milena.protocol.json.ProtocolJson;
import chat.milena.protocol.read.History;
import chat.milena.protocol.read.SyncedConversation;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a client has of one conversation: an earlier answer, and all frames and answers since, applied as
/// docs/protocol.md says. For one thread.
public final class FoldedTimeline {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int THREAD_USERS = 5;

    /// What frames say of a message to those alone who may read it.
    private static final List<String> SAID_OF_MESSAGES =
            List.of("content", "senderId", "reason", "emoji", "count", "reactions");

    private final String userId;
    private final boolean large;
    private final NavigableMap<Long, ObjectNode> entries = new TreeMap<>();
    /// Frames about messages that this user may not read, which say more than that.
    private final List<String> leaks = new ArrayList<>();

    /// @param large whether reactions come without their users
    public FoldedTimeline(String userId, boolean large) {
        this.userId = userId;
        this.large = large;
    }

    /// The last number up to which it has all.
    public long last() {
        long last = entries.isEmpty() ? 0 : entries.firstKey();
        while (entries.containsKey(last + 1)) {
            last++;
        }
        return last;
    }

    void add(History page) {
        json(page).path("messages").forEach(this::put);
    }

    void add(SyncedConversation answer) {
        JsonNode synced = json(answer);
        synced.path("messages").forEach(this::put);
        synced.path("changed").forEach(this::put);
    }

    /// An entry of an answer.
    public void put(JsonNode entry) {
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

    /// Applies a frame that comes live, or on resuming, where a client may have a part of it.
    public void apply(JsonNode frame) {
        JsonNode payload = frame.path("payload");
        if (entries.containsKey(payload.path("sequenceNumber").asLong())
                && payload.path("sequenceNumbers").valueStream().allMatch(n -> entries.containsKey(n.asLong()))) {
            return;
        }
        checkLeaks(frame, payload);
        switch (frame.path("type").asText()) {
            case "messages.offline" -> payload.path("messages").forEach(this::missed);
            case "message.delivered", "message.read_receipt", "thread.updated", "conversation.personal" -> {}
            case "message.new" -> {
                if (payload.path("hidden").asBoolean()) {
                    put(hidden(payload.get("sequenceNumber"), payload.get("timestamp")));
                    return;
                }
                ObjectNode entry = message(payload);
                entry.set("sequenceNumber", payload.get("sequenceNumber"));
                entry.set("timestamp", payload.get("timestamp"));
                put(entry.put("revision", 0));
                thread(payload);
            }
            case "message.updated" -> {
                update(payload);
                put(event(payload, "message.edited"));
            }
            case "message.deleted" -> {
                ObjectNode target = entries.get(payload.path("targetSequence").asLong());
                if (target != null && target.path("hidden").asBoolean()) {
                    target = disclosed(target, payload);
                }
                if (target != null) {
                    target.remove("content");
                    target.set("deletedAt", payload.get("timestamp"));
                    target.set("deletedBy", payload.get("deletedBy"));
                    target.putArray("reactions");
                    target.remove("pinned");
                    target.remove("held");
                }
                put(event(payload, "message.deleted"));
            }
            case "message.reaction" -> {
                ObjectNode target = shown(payload);
                if (target != null && large) {
                    payload.path("reactions").forEach(use -> count((ArrayNode) target.get("reactions"), use));
                } else if (target != null) {
                    react((ArrayNode) target.get("reactions"), payload);
                }
                if (large) {
                    payload.path("sequenceNumbers").forEach(number -> put(numbered(number, "reaction")));
                } else {
                    put(event(payload, "reaction"));
                }
            }
            case "message.pinned" -> {
                ObjectNode target = shown(payload);
                if (target != null && payload.path("removed").asBoolean()) {
                    target.remove("pinned");
                } else if (target != null) {
                    target.put("pinned", true);
                }
                put(event(payload, "message.pinned"));
            }
            default -> put(event(payload, "another"));
        }
    }

    private void checkLeaks(JsonNode frame, JsonNode payload) {
        long target = payload.path("targetSequence").asLong();
        if (target > 0
                && !entries.containsKey(target)
                && SAID_OF_MESSAGES.stream().anyMatch(payload::has)) {
            leaks.add(frame.toString());
        }
    }

    /// A message that is not shown takes nothing but its end, its deletion or the frame that shows it.
    private @Nullable ObjectNode shown(JsonNode change) {
        ObjectNode target = entries.get(change.path("targetSequence").asLong());
        return target == null || target.path("hidden").asBoolean() ? null : target;
    }

    private void update(JsonNode payload) {
        ObjectNode target = entries.get(payload.path("targetSequence").asLong());
        if (target == null) {
            return;
        }
        if (payload.path("hidden").asBoolean()) {
            put(hidden(target.get("sequenceNumber"), target.get("timestamp")));
        } else if (payload.path("released").asBoolean() && payload.has("senderId")) {
            disclosed(target, payload);
        } else if (!payload.path("released").asBoolean()) {
            target.set("content", payload.get("content"));
            target.set("revision", payload.get("revision"));
            target.set("editedAt", payload.get("editedAt"));
            if (payload.path("held").asBoolean()) {
                target.put("held", true);
            }
        }
    }

    private static ObjectNode hidden(JsonNode sequenceNumber, JsonNode timestamp) {
        ObjectNode entry = JSON.createObjectNode();
        entry.set("sequenceNumber", sequenceNumber);
        entry.set("timestamp", timestamp);
        return entry.put("kind", "message").put("hidden", true);
    }

    /// The fields of a message that are the same in its entry and in frames.
    private static ObjectNode message(JsonNode payload) {
        ObjectNode entry = JSON.createObjectNode();
        for (String field : new String[] {
            "messageId",
            "senderId",
            "content",
            "expiresAt",
            "replyTo",
            "threadOf",
            "threadSequence",
            "threadOrdinal",
            "showInConversation",
            "held"
        }) {
            if (payload.has(field)) {
                entry.set(field, payload.get(field));
            }
        }
        entry.putArray("reactions");
        return entry.put("kind", "message");
    }

    /// A message that waited for a moderator, as a frame shows it whole.
    private ObjectNode disclosed(ObjectNode before, JsonNode payload) {
        ObjectNode entry = message(payload);
        entry.set("sequenceNumber", before.get("sequenceNumber"));
        entry.set("timestamp", before.get("timestamp"));
        for (String field : new String[] {"revision", "editedAt", "pinned"}) {
            if (payload.has(field)) {
                entry.set(field, payload.get(field));
            }
        }
        for (String field : new String[] {"deletedAt", "deletedBy"}) {
            if (before.has(field)) {
                entry.set(field, before.get(field));
            }
        }
        ArrayNode reactions = entry.putArray("reactions");
        for (JsonNode use : payload.path("reactions")) {
            ObjectNode reaction = reactions.addObject();
            reaction.set("emoji", use.get("emoji"));
            reaction.set("count", use.get("count"));
            reaction.put(
                    "mine",
                    use.path("userIds").valueStream().anyMatch(id -> id.asText().equals(userId)));
            reaction.set("userIds", use.get("userIds").deepCopy());
        }
        if (payload.has("thread") && !payload.has("threadOf")) {
            entry.set("thread", payload.get("thread"));
        }
        entries.put(entry.path("sequenceNumber").asLong(), entry);
        thread(payload);
        return entry;
    }

    /// The thread of a reply, which has none while it waits for a moderator.
    private void thread(JsonNode payload) {
        if (payload.has("thread")) {
            root(payload).ifPresent(root -> root.set("thread", payload.get("thread")));
        }
    }

    private void missed(JsonNode entry) {
        if (!entries.containsKey(entry.path("sequenceNumber").asLong())) {
            ObjectNode target = shown(entry);
            // An edit of a message that was hidden then says no revision: what shows the message says it.
            if (target != null && entry.path("kind").asText().equals("message.edited") && entry.has("revision")) {
                target.set("revision", entry.get("revision"));
                target.set("editedAt", entry.get("timestamp"));
            }
            put(entry);
            // A reply that waits for a moderator is in no thread yet.
            if (entry.has("threadOrdinal")) {
                root(entry).ifPresent(root -> root.set("thread", grown(root.path("thread"), entry)));
            }
        }
    }

    /// A thread with one more reply, which came without it.
    private static ObjectNode grown(JsonNode thread, JsonNode reply) {
        ObjectNode grown = JSON.createObjectNode();
        grown.set("replyCount", reply.get("threadOrdinal"));
        grown.set("lastReplyAt", reply.get("timestamp"));
        ArrayNode userIds = grown.putArray("participantIds").add(reply.get("senderId"));
        for (JsonNode userId : thread.path("participantIds")) {
            if (userIds.size() < THREAD_USERS && !userId.equals(reply.get("senderId"))) {
                userIds.add(userId);
            }
        }
        return grown;
    }

    /// The message that begins the thread of a reply.
    private Optional<ObjectNode> root(JsonNode reply) {
        String rootId = reply.path("threadOf").asText();
        return entries.values().stream()
                .filter(root -> root.path("kind").asText().equals("message") && root.has("messageId"))
                .filter(root -> root.path("messageId").asText().equals(rootId))
                .findFirst();
    }

    private void react(ArrayNode reactions, JsonNode payload) {
        String emoji = payload.path("emoji").asText();
        String actor = payload.path("userId").asText();
        int place = 0;
        while (place < reactions.size()
                && !reactions.get(place).path("emoji").asText().equals(emoji)) {
            place++;
        }
        if (place == reactions.size()) {
            reactions
                    .addObject()
                    .put("emoji", emoji)
                    .put("count", 0)
                    .put("mine", false)
                    .putArray("userIds");
        }
        ObjectNode reaction = (ObjectNode) reactions.get(place);
        ArrayNode userIds = (ArrayNode) reaction.get("userIds");
        boolean removed = payload.path("removed").asBoolean();
        if (removed) {
            userIds.removeIf(userId -> userId.asText().equals(actor));
        } else {
            userIds.add(actor);
        }
        reaction.set("count", payload.get("count"));
        if (actor.equals(userId)) {
            reaction.put("mine", !removed);
        }
        if (reaction.path("count").asInt() == 0) {
            reactions.remove(place);
        }
    }

    private static void count(ArrayNode reactions, JsonNode use) {
        reactions.removeIf(
                known -> known.path("emoji").asText().equals(use.path("emoji").asText()));
        if (use.path("count").asInt() > 0) {
            reactions.add(use);
        }
    }

    private static ObjectNode event(JsonNode payload, String kind) {
        return numbered(payload.get("sequenceNumber"), kind);
    }

    private static ObjectNode numbered(JsonNode number, String kind) {
        ObjectNode event = JSON.createObjectNode();
        event.set("sequenceNumber", number);
        return event.put("kind", kind);
    }

    /// In a large group: how often each emoji is used.
    private static JsonNode counts(JsonNode reactions) {
        NavigableMap<String, JsonNode> counts = new TreeMap<>();
        reactions.forEach(use -> counts.put(use.path("emoji").asText(), use.path("count")));
        ObjectNode sorted = JSON.createObjectNode();
        counts.forEach(sorted::set);
        return sorted;
    }

    /// The same with the fields of each reaction in one order.
    private static JsonNode sorted(JsonNode value) {
        if (!value.isArray()) {
            return value;
        }
        ArrayNode sorted = JSON.createArrayNode();
        for (JsonNode element : value) {
            ObjectNode fields = sorted.addObject();
            new TreeMap<>(element.properties().stream()
                            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)))
                    .forEach(fields::set);
        }
        return sorted;
    }

    /// How this is not the same as an answer: all messages, and of everything else the number.
    public List<String> differences(FoldedTimeline answer) {
        NavigableSet<Long> numbers = new TreeSet<>(entries.keySet());
        numbers.addAll(answer.entries.keySet());
        Stream<String> differences = numbers.stream()
                .filter(number -> !text(number).equals(answer.text(number)))
                .map(number -> number + ": " + text(number) + " is now " + answer.text(number));
        return Stream.concat(leaks.stream(), differences).toList();
    }

    private String text(long number) {
        ObjectNode entry = entries.get(number);
        if (entry == null) {
            return "nothing";
        }
        if (!entry.path("kind").asText().equals("message")) {
            return "no message";
        }
        NavigableMap<String, JsonNode> sorted = new TreeMap<>();
        entry.properties().forEach(field -> sorted.put(field.getKey(), sorted(field.getValue())));
        if (large) {
            sorted.put("reactions", counts(entry.path("reactions")));
        }
        return sorted.toString();
    }
}

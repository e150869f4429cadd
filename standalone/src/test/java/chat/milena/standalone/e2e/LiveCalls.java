package chat.milena.standalone.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The frames and calls of one device, as JSON. Safe for all threads.
final class LiveCalls {
    private final LiveWorld world;
    private final String token;

    /// Timeline entries behind some number.
    record Page(List<JsonNode> entries, boolean hasMore) {}

    LiveCalls(LiveWorld world, String token) {
        this.world = world;
        this.token = token;
    }

    static String heartbeat() {
        return "{\"type\":\"heartbeat\"}";
    }

    static String typing(String talk) {
        return "{\"type\":\"typing.start\",\"payload\":{\"conversationId\":\"" + talk + "\"}}";
    }

    /// A message, whose id is the frame's too.
    static String message(String talk, String messageId) {
        return "{\"type\":\"message.send\",\"id\":\"" + messageId + "\",\"payload\":{\"messageId\":\"" + messageId
                + "\",\"conversationId\":\"" + talk + "\",\"content\":{\"type\":\"text\",\"text\":\"hi\"}}}";
    }

    /// A receipt.
    ///
    /// @param kind delivered or read
    static String receipt(String id, String kind, String talk, long upTo) {
        return "{\"type\":\"message." + kind + "\",\"id\":\"" + id + "\",\"payload\":{\"conversationId\":\"" + talk
                + "\",\"upToSequence\":" + upTo + "}}";
    }

    static long number(JsonNode entry) {
        return entry.path("sequenceNumber").asLong();
    }

    /// The message's id, or what other event it is.
    static String what(JsonNode entry) {
        return entry.has("messageId")
                ? entry.path("messageId").asText()
                : DeviceRecord.change(entry.path("kind").asText());
    }

    /// What comes after a number; null if that cannot be answered now.
    @Nullable
    Page sync(String talk, long upTo) throws IOException, InterruptedException {
        String body = "{\"conversations\":[{\"conversationId\":\"" + talk + "\",\"lastSequence\":" + upTo
                + "}],\"limit\":100}";
        Rest.Answer answer = world.home().rest().post("/api/v1/sync", token, body);
        JsonNode found = answer.body().at("/conversations/0");
        if (answer.status() == 200 && found.path("conversationId").asText().equals(talk)) {
            return new Page(
                    found.path("messages").valueStream().toList(),
                    found.path("hasMore").asBoolean());
        }
        if (answer.status() != 503) {
            world.checker()
                    .violations()
                    .add(Violations.Kind.ANSWER, "a sync of %s: %d %s".formatted(talk, answer.status(), answer.text()));
        }
        return null;
    }
}

package chat.milena.ephemeral.presence;

import chat.milena.ephemeral.presence.PresenceStore.Typing;
import chat.milena.protocol.json.Json;
import chat.milena.schemas.key.UserKey;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/// The JSON form of typing in Redis. Pure.
final class TypingCodec {
    private TypingCodec() {}

    /// The text that is published for these recipients.
    static String text(Typing typing, Set<String> recipients) {
        byte[] utf8 = Json.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("tenant", typing.user().tenant());
            json.writeStringField("userId", typing.user().userId());
            json.writeStringField("conversationId", typing.conversationId());
            json.writeBooleanField("starts", typing.starts());
            json.writeArrayFieldStart("recipients");
            for (String userId : recipients) {
                json.writeString(userId);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /// Reads the text of [#text]; empty if it is something else.
    static Optional<Typing> read(String text) {
        JsonNode json = Json.parse(text).orElse(null);
        if (json == null
                || !json.path("userId").isTextual()
                || !json.path("conversationId").isTextual()) {
            return Optional.empty();
        }
        Set<String> recipients = new LinkedHashSet<>();
        json.path("recipients").forEach(userId -> recipients.add(userId.asText()));
        UserKey user =
                new UserKey(json.path("tenant").asText(), json.path("userId").asText());
        return Optional.of(new Typing(
                user, json.path("conversationId").asText(), json.path("starts").asBoolean(), recipients));
    }
}

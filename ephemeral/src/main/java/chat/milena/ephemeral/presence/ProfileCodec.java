package chat.milena.ephemeral.presence;

import chat.milena.protocol.json.Json;
import chat.milena.schemas.avro.User;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The JSON form of a profile in Redis. Pure.
final class ProfileCodec {
    private ProfileCodec() {}

    /// The text that is published to the gateways of watchers.
    static String text(User user) {
        byte[] utf8 = Json.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("tenant", user.getTenant());
            json.writeStringField("userId", user.getUserId());
            json.writeStringField("name", user.getName());
            json.writeStringField("avatarUrl", user.getAvatarUrl());
            json.writeStringField("custom", user.getCustom());
            json.writeNumberField("updatedAt", user.getUpdatedAt().toEpochMilli());
            json.writeEndObject();
        });
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /// Reads the text of [#text]; empty if it is something else.
    static Optional<User> read(String text) {
        JsonNode json = Json.parse(text).orElse(null);
        if (json == null
                || !json.path("tenant").isTextual()
                || !json.path("userId").isTextual()
                || !json.path("updatedAt").canConvertToLong()) {
            return Optional.empty();
        }
        return Optional.of(new User(
                json.path("tenant").textValue(),
                json.path("userId").textValue(),
                optional(json, "name"),
                optional(json, "avatarUrl"),
                optional(json, "custom"),
                Instant.ofEpochMilli(json.path("updatedAt").longValue()),
                null));
    }

    private static @Nullable String optional(JsonNode json, String name) {
        return json.path(name).textValue();
    }
}

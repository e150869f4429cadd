package chat.milena.gateway.frame;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Encodes the frames of presence and typing. Pure.
public final class PresenceFrames {
    private PresenceFrames() {}

    /// How somebody is, as one observer is told.
    ///
    /// @param lastSeenMillis when they were last connected; 0 if that is not known
    /// @param typingIn the conversations in which they type and the observer is
    public record Presence(
            String userId,
            PresenceStatus status,
            long lastSeenMillis,
            @Nullable String deviceType,
            Collection<String> typingIn) {
        public Presence {
            typingIn = List.copyOf(typingIn);
        }
    }

    /// The answer to a subscription.
    public static ServerFrame bulk(@Nullable String id, Collection<Presence> presences) {
        return ServerFrames.framed(ServerFrameType.PRESENCE_BULK, id, null, json -> {
            json.writeArrayFieldStart("presences");
            for (Presence presence : presences) {
                json.writeStartObject();
                write(json, presence);
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    /// A change. May be dropped without a word.
    public static ServerFrame update(Presence presence) {
        return ServerFrames.fleeting(ServerFrameType.PRESENCE_UPDATE, json -> write(json, presence));
    }

    /// That somebody types, or does so no longer. May be dropped without a word.
    public static ServerFrame typing(String conversationId, String userId, boolean isTyping) {
        return ServerFrames.fleeting(ServerFrameType.TYPING_UPDATE, json -> {
            json.writeStringField("conversationId", conversationId);
            json.writeStringField("userId", userId);
            json.writeBooleanField("isTyping", isTyping);
        });
    }

    private static void write(JsonGenerator json, Presence presence) throws IOException {
        json.writeStringField("userId", presence.userId());
        json.writeStringField("status", presence.status().word());
        if (presence.lastSeenMillis() > 0) {
            json.writeNumberField("lastSeen", presence.lastSeenMillis());
        } else {
            json.writeNullField("lastSeen");
        }
        if (presence.deviceType() != null) {
            json.writeStringField("deviceType", presence.deviceType());
        }
        json.writeArrayFieldStart("typingIn");
        for (String conversationId : presence.typingIn()) {
            json.writeString(conversationId);
        }
        json.writeEndArray();
    }
}

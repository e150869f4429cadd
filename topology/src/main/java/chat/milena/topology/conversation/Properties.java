package chat.milena.topology.conversation;

import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.word.ConversationType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What is true of a conversation apart from its members and its messages.
///
/// @param large whether it ever had so many members that its deliveries are made by the fanout application. It stays
///     so when members leave: events on two paths could overtake each other
/// @param requestHash the [RequestHash] of a group; null of what was made before these were noted
public record Properties(
        ConversationType type,
        @Nullable String name,
        ConversationSettings settings,
        String createdBy,
        Instant createdAt,
        boolean large,
        @Nullable String requestHash) {

    Properties toChanged(@Nullable String nextName, ConversationSettings nextSettings) {
        return new Properties(type, nextName, nextSettings, createdBy, createdAt, large, requestHash);
    }

    Properties toLarge() {
        return new Properties(type, name, settings, createdBy, createdAt, true, requestHash);
    }
}

package chat.milena.topology.conversation;

import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.word.ConversationType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What is true of a conversation apart from its members and its messages.
///
/// @param large whether it ever had so many members that its deliveries are made by the fanout application. It stays
///     so when members leave: events on two paths could overtake each other
public record Properties(
        ConversationType type,
        @Nullable String name,
        ConversationSettings settings,
        String createdBy,
        Instant createdAt,
        boolean large) {

    Properties toChanged(@Nullable String nextName, ConversationSettings nextSettings) {
        return new Properties(type, nextName, nextSettings, createdBy, createdAt, large);
    }

    Properties toLarge() {
        return new Properties(type, name, settings, createdBy, createdAt, true);
    }
}

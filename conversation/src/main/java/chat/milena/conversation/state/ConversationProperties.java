package chat.milena.conversation.state;

import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.word.ConversationType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The properties of a conversation, apart from its members and messages.
///
/// @param large whether it ever had so many members that the fanout application makes its deliveries. It stays so
/// when members leave: events on two paths could overtake each other
/// @param requestHash the hash of the request that made a group; null if it was not recorded then
public record ConversationProperties(
        ConversationType type,
        @Nullable String name,
        ConversationSettings settings,
        String createdBy,
        Instant createdAt,
        boolean large,
        @Nullable String requestHash) {

    public ConversationProperties toChanged(@Nullable String nextName, ConversationSettings nextSettings) {
        return new ConversationProperties(type, nextName, nextSettings, createdBy, createdAt, large, requestHash);
    }

    public ConversationProperties toLarge() {
        return new ConversationProperties(type, name, settings, createdBy, createdAt, true, requestHash);
    }
}

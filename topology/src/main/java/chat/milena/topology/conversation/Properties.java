package chat.milena.topology.conversation;

import chat.milena.schemas.avro.ConversationSettings;
import chat.milena.schemas.word.ConversationType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What is true of a conversation apart from its members and its messages.
public record Properties(
        ConversationType type,
        @Nullable String name,
        ConversationSettings settings,
        String createdBy,
        Instant createdAt) {

    Properties toChanged(@Nullable String nextName, ConversationSettings nextSettings) {
        return new Properties(type, nextName, nextSettings, createdBy, createdAt);
    }
}

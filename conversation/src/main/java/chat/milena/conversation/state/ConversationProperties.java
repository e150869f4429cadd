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
        Profile profile,
        ConversationSettings settings,
        String createdBy,
        Instant createdAt,
        boolean large,
        @Nullable String requestHash) {

    /// What a group shows of itself; a direct conversation shows nothing.
    ///
    /// @param avatarUrl a web address
    /// @param custom any JSON object of the clients, as JSON text
    public record Profile(
            @Nullable String name,
            @Nullable String avatarUrl,
            @Nullable String custom) {
        /// Nothing but a name, or not even that.
        public static Profile named(@Nullable String name) {
            return new Profile(name, null, null);
        }
    }

    public ConversationProperties toChanged(Profile nextProfile, ConversationSettings nextSettings) {
        return new ConversationProperties(type, nextProfile, nextSettings, createdBy, createdAt, large, requestHash);
    }

    public ConversationProperties toLarge() {
        return new ConversationProperties(type, profile, settings, createdBy, createdAt, true, requestHash);
    }
}

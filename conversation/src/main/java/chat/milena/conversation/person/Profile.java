package chat.milena.conversation.person;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The profile of a user. Immutable.
///
/// @param custom any JSON object of the client, as JSON text
/// @param updatedAt when it last changed
public record Profile(
        @Nullable String name,
        @Nullable String avatarUrl,
        @Nullable String custom,
        Instant updatedAt) {}

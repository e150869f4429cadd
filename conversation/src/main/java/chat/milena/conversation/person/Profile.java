package chat.milena.conversation.person;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a person shows of themselves. Immutable.
///
/// @param custom a JSON object of the client's own, as JSON text
/// @param updatedAt when it last changed
public record Profile(
        @Nullable String name,
        @Nullable String avatarUrl,
        @Nullable String custom,
        Instant updatedAt) {}

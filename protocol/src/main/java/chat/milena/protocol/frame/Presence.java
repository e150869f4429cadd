package chat.milena.protocol.frame;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The presence of a user, as one observer sees it.
///
/// @param lastSeen when the user was last connected; null if unknown
/// @param typingIn the conversations in which the user types and the observer was notified
public record Presence(
        String userId,
        PresenceStatus status,
        @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Long lastSeen,
        @Nullable String deviceType,
        List<String> typingIn) {}

package chat.milena.protocol.frame;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How somebody is, as one observer sees it.
///
/// @param lastSeen when they were last connected; null if that is not known
/// @param typingIn the conversations in which they type and of which the observer was told
public record Presence(
        String userId,
        PresenceStatus status,
        @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Long lastSeen,
        @Nullable String deviceType,
        List<String> typingIn) {}

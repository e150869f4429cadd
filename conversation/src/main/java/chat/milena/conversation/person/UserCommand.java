package chat.milena.conversation.person;

import org.jspecify.annotations.Nullable;

/// A user's command on their own state. The user comes from a verified token.
public sealed interface UserCommand {

    /// Replaces the whole profile; a field that is null is removed.
    record SetProfile(
            @Nullable String name,
            @Nullable String avatarUrl,
            @Nullable String custom) implements UserCommand {}

    /// Blocks somebody, or no longer.
    record SetBlock(String blockedId, boolean blocked) implements UserCommand {}
}

package chat.milena.conversation.person;

import org.jspecify.annotations.Nullable;

/// What a user asks of their own state. The user comes from a verified token.
public sealed interface UserCommand {

    /// Sets the whole profile; what is null goes.
    record SetProfile(
            @Nullable String name,
            @Nullable String avatarUrl,
            @Nullable String custom) implements UserCommand {}

    /// Blocks somebody, or no longer.
    record SetBlock(String blockedId, boolean blocked) implements UserCommand {}
}

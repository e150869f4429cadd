package chat.milena.conversation.person;

import chat.milena.conversation.person.UserCommand.SetProfile;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Decides what a command does to its user's profile. Pure.
///
/// The same profile again changes nothing, so the command may be resent. Time never goes back.
public final class ProfileRules {
    private ProfileRules() {}

    /// Decides.
    ///
    /// @param before null for a user who never set a profile
    /// @param now the processor's clock
    public static UserChange<Profile> decide(@Nullable Profile before, SetProfile command, Instant now) {
        if (before != null && isSame(before, command)) {
            return new UserChange<>(before, false);
        }
        Instant updatedAt = before != null && now.isBefore(before.updatedAt()) ? before.updatedAt() : now;
        return new UserChange<>(new Profile(command.name(), command.avatarUrl(), command.custom(), updatedAt), true);
    }

    private static boolean isSame(Profile before, SetProfile command) {
        return Objects.equals(before.name(), command.name())
                && Objects.equals(before.avatarUrl(), command.avatarUrl())
                && Objects.equals(before.custom(), command.custom());
    }
}

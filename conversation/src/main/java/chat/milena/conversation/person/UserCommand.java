package chat.milena.conversation.person;

import chat.milena.conversation.command.Actor;
import chat.milena.schemas.avro.ChangeBan;
import chat.milena.schemas.avro.ChangeWarnings;
import chat.milena.schemas.avro.NotificationSettings;
import chat.milena.schemas.avro.PushRegistration;
import java.time.Instant;
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

    /// Replaces all settings of notifications.
    record SetNotifications(NotificationSettings settings) implements UserCommand {}

    /// A command on a device of the user.
    sealed interface OfDevice extends UserCommand {
        String deviceId();
    }

    /// Registers a device for push, in place of what it had.
    ///
    /// @param issuedAt when the token of the caller was issued; 1970 if it does not say so; null if its gateway has
    ///     only compared it with what it could see
    record Register(
            String deviceId,
            PushRegistration push,
            @Nullable Instant issuedAt) implements OfDevice {}

    /// Encrypts the address of a registration under another key, and changes nothing else.
    ///
    /// @param push the registration, with the same address
    /// @param registeredAt only the registration of this moment
    record Rekey(String deviceId, PushRegistration push, Instant registeredAt) implements OfDevice {}

    /// Removes the registration of a device.
    ///
    /// @param addressHash only this one; null for any
    /// @param registeredUpTo only if it was registered up to this moment; null for any
    record Unregister(
            String deviceId,
            @Nullable String addressHash,
            @Nullable Instant registeredUpTo) implements OfDevice {}

    /// Ends a device: its connections, its registration, and what its earlier tokens are good for.
    record SignOut(String deviceId) implements OfDevice {}

    /// Adds a warning that the user is still to be shown, or removes those that a new connection was sent.
    record ChangeWarned(ChangeWarnings change) implements UserCommand {}

    /// Bans somebody from a conversation or the whole tenant, or ends that.
    record SetBan(Actor actor, ChangeBan ban) implements UserCommand {}
}

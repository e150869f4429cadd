package chat.milena.protocol.call;

import chat.milena.schemas.avro.NotificationSettings;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/// What a user is notified of by push.
public final class Notifications {
    private Notifications() {}

    /// The times of a day in which nothing is pushed, nor later. They may cross midnight.
    ///
    /// @param from `HH:MM`
    /// @param to `HH:MM`, another time than `from`
    /// @param timeZone an IANA time zone; without it that of the device, else UTC
    public record QuietHours(
            String from, String to, @Nullable String timeZone) {}

    /// The settings of the user.
    ///
    /// @param level `all`, `mentions` or `none`
    /// @param preview what a notification shows: `full`, `sender` or `none`
    public record UserNotifications(
            String level, String preview, @Nullable QuietHours quietHours) {

        /// As the log says it; null for the defaults.
        public static UserNotifications of(@Nullable NotificationSettings stored) {
            NotificationSettings settings =
                    stored == null ? NotificationSettings.newBuilder().build() : stored;
            chat.milena.schemas.avro.QuietHours quiet = settings.getQuietHours();
            return new UserNotifications(
                    settings.getLevel(),
                    settings.getPreview(),
                    quiet == null ? null : new QuietHours(quiet.getFrom(), quiet.getTo(), quiet.getTimeZone()));
        }
    }

    /// The settings of the user for a conversation.
    ///
    /// @param level `all`, `mentions` or `none`; null for the user's own
    /// @param effectiveLevel what counts of the two
    /// @param muted whether nothing of it is pushed, mentions included
    /// @param mutedUntil in milliseconds since 1970; left out if it is not muted
    public record ConversationNotifications(
            String conversationId,

            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
            String level,

            String effectiveLevel,
            boolean muted,
            @Nullable Long mutedUntil) {}
}

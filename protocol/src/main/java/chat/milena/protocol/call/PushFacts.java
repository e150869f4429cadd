package chat.milena.protocol.call;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the query side knows for one push, as it is now. No client sees it. Times are milliseconds since 1970.
///
/// @param registration of the device; null if it is not registered
/// @param conversation null if the user is not a member
/// @param settings of the user
/// @param messages those that it is about and the user may read, newest first, at most [#MESSAGES_MAX]
/// @param unread the badge: unread messages of the conversations that are not muted
public record PushFacts(
        @Nullable Registration registration,
        @Nullable Conversation conversation,
        Settings settings,
        List<Message> messages,
        long unread) {

    /// The messages that are looked at: the newest ones.
    public static final int MESSAGES_MAX = 50;

    public PushFacts {
        messages = List.copyOf(messages);
    }

    /// How a device is reached.
    ///
    /// @param platform the word of the protocol
    /// @param zone of the device, as IANA names it
    public record Registration(
            String platform,
            Address address,
            @Nullable String appId,
            @Nullable String environment,
            @Nullable String locale,
            @Nullable String zone,
            @Nullable String vapidKey,
            @Nullable String navigate) {}

    /// The address of a registration.
    ///
    /// @param keyId the key that it is encrypted with
    /// @param encrypted in base64
    public record Address(String keyId, String encrypted, long registeredAt) {}

    /// The conversation as the user sees it.
    ///
    /// @param level of notifications; null for that of the user
    public record Conversation(
            boolean direct,
            @Nullable String name,
            boolean muted,
            @Nullable String level,
            long readUpTo) {}

    /// What the user wants to be notified of.
    ///
    /// @param level all, mentions or none
    /// @param preview full, sender or none
    public record Settings(
            String level, String preview, @Nullable QuietHours quietHours) {
        /// Of a user who has set nothing.
        public static final Settings USUAL = new Settings("all", "full", null);
    }

    /// A daily time without pushes, as `HH:MM`.
    ///
    /// @param zone null for that of the device, else UTC
    public record QuietHours(
            String from, String to, @Nullable String zone) {}

    /// A message.
    ///
    /// @param threadOf the root of its thread; null if it is not a reply in a thread
    public record Message(
            long sequenceNumber,
            String messageId,
            long timestamp,
            Sender sender,
            Content content,
            Standing standing,
            @Nullable String threadOf) {}

    /// Its sender.
    ///
    /// @param name null without one
    /// @param blocked whether the user has blocked the sender
    public record Sender(String userId, @Nullable String name, boolean blocked) {}

    /// Its content.
    ///
    /// @param type text, image, file or location
    /// @param text null where the content has none
    public record Content(String type, @Nullable String text) {}

    /// How it stands to the user.
    ///
    /// @param noticeSequence the number of the event that released it, if it waited for a moderator; else null
    /// @param followed whether the user follows the thread that alone shows it; true for other messages
    public record Standing(
            boolean mentioned,
            boolean followed,
            boolean deleted,
            @Nullable Long noticeSequence,
            @Nullable Long expiresAt) {}
}

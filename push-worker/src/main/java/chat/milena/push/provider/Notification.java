package chat.milena.push.provider;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A push for one device, ready to be written as a provider wants it.
public sealed interface Notification {
    String userId();

    /// Unread messages of the user in all conversations: the badge.
    long unread();

    /// When it is worth nothing any more.
    Instant expiresAt();

    /// Shows that messages have come.
    ///
    /// @param subject what it is about
    /// @param preview what may be shown of the newest message
    /// @param alert the words to show
    /// @param count the number of messages that it stands for
    /// @param handling how the provider treats it
    record Message(
            String userId, Subject subject, Preview preview, Alert alert, int count, long unread, Handling handling)
            implements Notification {
        @Override
        public Instant expiresAt() {
            return handling.expiresAt();
        }
    }

    /// Takes back what was shown of a conversation, because the user has read it elsewhere.
    ///
    /// @param upToSequence the number of the newest message that was read
    record Read(String userId, String conversationId, long upToSequence, long unread, Instant expiresAt)
            implements Notification {}

    /// The newest message.
    ///
    /// @param conversationType `direct` or `group`, as the protocol has it
    /// @param timestamp when it was sent, in milliseconds since 1970
    /// @param threadOf the root of its thread; null if it is not a reply in a thread
    record Subject(
            String conversationId,
            String conversationType,
            String messageId,
            long sequenceNumber,
            long timestamp,
            @Nullable String threadOf) {}

    /// What the settings of tenant and user allow to be shown; null for the rest.
    record Preview(
            @Nullable String senderId,
            @Nullable String senderName,
            @Nullable String conversationName,
            @Nullable String text) {
        public static final Preview NONE = new Preview(null, null, null, null);
    }

    /// The words to show. The body is cut if the whole is too long for the provider.
    ///
    /// @param locale the language of these words, as BCP 47 has it; null if it is not known
    /// @param navigate of Web Push: the page that a click opens
    record Alert(
            String title,
            String body,
            @Nullable String locale,
            @Nullable String navigate) {}

    /// How the provider treats it.
    ///
    /// @param collapseKey a newer notification of the same key replaces an older one; 1 to 32 letters of base64url
    /// @param urgent whether it wakes a device that saves power
    record Handling(String collapseKey, boolean urgent, Instant expiresAt) {}
}

package chat.milena.protocol.call;

import org.jspecify.annotations.Nullable;

/// The answers to calls that write, but for the conversation itself. Times are milliseconds since 1970.
public final class Done {
    private Done() {}

    /// A message has its number.
    public record Sent(String messageId, long sequenceNumber, long timestamp) {}

    /// A change of a message has its number.
    ///
    /// @param duplicate whether it was so already
    /// @param revision of an edited message
    public record Changed(
            String messageId,
            String conversationId,
            long sequenceNumber,
            long timestamp,
            boolean duplicate,
            @Nullable Long revision) {}

    /// How far the user has now read.
    public record ReadUpTo(String conversationId, long readUpToSequence) {}

    /// Whether a conversation is muted.
    ///
    /// @param mutedUntil left out where it is not
    public record Muted(
            String conversationId, boolean muted, @Nullable Long mutedUntil) {}

    /// The user has joined in.
    public record Accepted(String conversationId, boolean accepted) {}
}

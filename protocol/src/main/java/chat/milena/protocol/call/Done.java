package chat.milena.protocol.call;

import org.jspecify.annotations.Nullable;

/// The answers to calls that write, but for the conversation itself. Times are milliseconds since 1970.
public final class Done {
    private Done() {}

    /// A message has its number.
    public record Sent(String messageId, long sequenceNumber, long timestamp) {}

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

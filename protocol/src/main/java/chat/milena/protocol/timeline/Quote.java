package chat.milena.protocol.timeline;

import chat.milena.schemas.avro.MessageReference;
import org.jspecify.annotations.Nullable;

/// A message of the same conversation that another one quotes. Only its own entry has its content, so that a quote
/// shows nothing of a message that was deleted since.
public record Quote(String messageId, long sequenceNumber) {

    /// The quote of a message that has one.
    public static @Nullable Quote of(@Nullable MessageReference replyTo) {
        return replyTo == null ? null : new Quote(replyTo.getMessageId(), replyTo.getSequenceNumber());
    }
}

package chat.milena.conversation.state;

import java.time.Instant;

/// How far a conversation has come: the number and time of its last event, its count of messages, how many of
/// those have an end of their own, and how many were deleted.
public record Position(
        long sequenceNumber, long messageOrdinal, long expiringOrdinal, long deletedOrdinal, Instant timestamp) {

    /// Before the first event.
    public static final Position START = new Position(0, 0, 0, 0, Instant.EPOCH);

    /// The position that this event takes as the next one. Time never goes back (design, 6).
    public Position next(ConversationEvent event, Instant now) {
        return next(event.counts(), now);
    }

    /// The position of the next event that adds no message.
    public Position next(Instant now) {
        return next(MessageCounts.NONE, now);
    }

    private Position next(MessageCounts counts, Instant now) {
        return new Position(
                sequenceNumber + 1,
                messageOrdinal + counts.messages(),
                expiringOrdinal + counts.expiring(),
                deletedOrdinal + counts.deleted(),
                now.isBefore(timestamp) ? timestamp : now);
    }
}

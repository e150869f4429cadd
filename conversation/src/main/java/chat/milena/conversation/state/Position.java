package chat.milena.conversation.state;

import java.time.Instant;

/// The position of a conversation: the number and time of its last event, its count of messages, how many of those
/// have an `expiresAt`, how many were deleted, and how many messages and edits were held for a moderator.
///
/// @param unshownCount how many messages others were never shown: they wait for a moderator, or were deleted while they
/// did
/// @param annotatedSequence the number of the last event that changed what was added to a message; 0 if none did
public record Position(
        long sequenceNumber,
        long messageOrdinal,
        long expiringOrdinal,
        long deletedOrdinal,
        long annotatedSequence,
        long heldOrdinal,
        long unshownCount,
        Instant timestamp) {

    /// Before the first event.
    public static final Position START = new Position(0, 0, 0, 0, 0, 0, 0, Instant.EPOCH);

    /// How many messages others have been shown; a release counts like a message. It never goes back.
    public long shownOrdinal() {
        return messageOrdinal - unshownCount;
    }

    /// The next position, that of this event. Time never goes back (design, 6).
    public Position next(ConversationEvent event, Instant now) {
        return next(event.counts(), event.annotates(), now);
    }

    /// The position of the next event that adds no message.
    public Position next(Instant now) {
        return next(MessageCounts.NONE, false, now);
    }

    private Position next(MessageCounts counts, boolean annotates, Instant now) {
        return new Position(
                sequenceNumber + 1,
                messageOrdinal + counts.messages(),
                expiringOrdinal + counts.expiring(),
                deletedOrdinal + counts.deleted(),
                annotates ? sequenceNumber + 1 : annotatedSequence,
                heldOrdinal + counts.held(),
                unshownCount + counts.unshown(),
                now.isBefore(timestamp) ? timestamp : now);
    }
}

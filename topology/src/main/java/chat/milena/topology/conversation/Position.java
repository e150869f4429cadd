package chat.milena.topology.conversation;

import java.time.Instant;

/// How far a conversation has come: the number and time of its last event, its count of messages, and how many of those
/// have an end of their own.
public record Position(long sequenceNumber, long messageOrdinal, long expiringOrdinal, Instant timestamp) {

    /// Before the first event.
    public static final Position START = new Position(0, 0, 0, Instant.EPOCH);

    /// The position of the next event that is no message. Time never goes back (design, 6).
    public Position next(Instant now) {
        return new Position(
                sequenceNumber + 1, messageOrdinal, expiringOrdinal, now.isBefore(timestamp) ? timestamp : now);
    }

    /// The position of the next message.
    public Position nextMessage(Instant now, boolean expires) {
        Position next = next(now);
        return new Position(
                next.sequenceNumber, messageOrdinal + 1, expiringOrdinal + (expires ? 1 : 0), next.timestamp);
    }
}

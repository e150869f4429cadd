package chat.milena.topology.conversation;

import java.time.Instant;

/// How far a conversation has come: the number and time of its last event, and its count of messages.
public record Position(long sequenceNumber, long messageOrdinal, Instant timestamp) {

    /// Before the first event.
    public static final Position START = new Position(0, 0, Instant.EPOCH);

    /// The position of the next event that is no message. Time never goes back (design, 6).
    public Position next(Instant now) {
        return new Position(sequenceNumber + 1, messageOrdinal, now.isBefore(timestamp) ? timestamp : now);
    }

    /// The position of the next message.
    public Position nextMessage(Instant now) {
        Position next = next(now);
        return new Position(next.sequenceNumber, messageOrdinal + 1, next.timestamp);
    }
}

package chat.milena.conversation.state;

import java.time.Instant;

/// The number and time of an event.
public record EventTime(long sequenceNumber, Instant timestamp) {}

package chat.milena.protocol.timeline;

/// Consecutive sequence numbers, both ends included.
public record NumberRange(long from, long to) {}

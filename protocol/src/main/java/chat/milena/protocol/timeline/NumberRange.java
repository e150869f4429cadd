package chat.milena.protocol.timeline;

/// Sequence numbers in a row, both ends included.
public record NumberRange(long from, long to) {}

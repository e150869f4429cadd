package chat.milena.syncapi.read;

/// Sequence numbers in a row, both ends included.
record NumberRange(long from, long to) {}

package chat.milena.bench.check;

/// The order of the sends of one connection in a conversation, which their numbers follow. Not thread-safe.
final class SendOrder {
    private long lastOrdinal;
    private long lastNumber;

    /// The next ack. A resent message is in no order.
    ///
    /// @param ordinal the place of the send; 0 if it is unknown
    boolean keeps(long number, long ordinal, boolean resent) {
        if (ordinal <= 0 || resent) {
            return true;
        }
        boolean keeps = lastOrdinal == 0 || (ordinal > lastOrdinal) == (number > lastNumber);
        lastOrdinal = ordinal;
        lastNumber = number;
        return keeps;
    }
}

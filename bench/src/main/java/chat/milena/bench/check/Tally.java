package chat.milena.bench.check;

import java.util.concurrent.atomic.LongAdder;

/// The counts of one checker, and the first few violations in words. Thread-safe.
final class Tally {
    final LongAdder deliveries = new LongAdder();
    final LongAdder acks = new LongAdder();
    final LongAdder duplicateAcks = new LongAdder();
    final LongAdder duplicated = new LongAdder();
    final LongAdder outOfOrder = new LongAdder();
    final LongAdder acksAhead = new LongAdder();
    final LongAdder wrongNumbers = new LongAdder();
    final LongAdder wrongTimes = new LongAdder();
    final LongAdder outside = new LongAdder();
    final LongAdder senderOrder = new LongAdder();
    final LongAdder redelivered = new LongAdder();
    final LongAdder reconnects = new LongAdder();
    final LongAdder resumed = new LongAdder();
    final LongAdder violations = new LongAdder();
    final Examples examples = new Examples();

    void violated(LongAdder count, String what, String conversationId, long number, String connection) {
        count.increment();
        violations.increment();
        example(what, conversationId, number, connection);
    }

    void example(String what, String conversationId, long number, String connection) {
        examples.add(what + ": number " + number + " of " + conversationId + " at " + connection);
    }
}

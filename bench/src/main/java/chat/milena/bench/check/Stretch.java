package chat.milena.bench.check;

import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;

/// What one connection has seen of one conversation: the run of numbers on its present socket, and the holes of all.
///
/// The next number must be the last plus one. A run begins at number 1 if the connection was up when the conversation
/// came to be, and after a reconnect at whatever comes first. Not thread-safe; its [Observer] guards it.
final class Stretch {
    private final NumberLog log;
    private final Tally tally;
    private final String connection;
    private final Holes holes = new Holes();
    /// Acks whose lower numbers have not come, at most as many as sends in flight.
    private final NavigableSet<Long> ahead = new TreeSet<>();

    private long last;
    private long highest;
    private long runFirst;
    private long lastTimestamp;
    private long lastSendOrdinal;
    private long lastSendNumber;
    private boolean begun;
    private boolean anew;

    Stretch(NumberLog log, Tally tally, String connection) {
        this.log = log;
        this.tally = tally;
        this.connection = connection;
    }

    /// From now on number 1 and all that follow are owed.
    void expectFromStart() {
        if (!begun && !anew) {
            begun = true;
        }
    }

    void delivered(long number, String messageId, long timestamp) {
        tally.deliveries.increment();
        compare(number, messageId, timestamp);
        advance(number, timestamp, false);
    }

    void changed(long number) {
        log.sawChange(number);
        if (number == 1 && !begun && !anew) {
            begun = true;
        }
        advance(number, lastTimestamp, false);
    }

    void acked(long number, String messageId, long timestamp, boolean duplicate, long sendOrdinal, boolean resent) {
        compare(number, messageId, timestamp);
        if (duplicate) {
            tally.duplicateAcks.increment();
            settle(number);
            return;
        }
        tally.acks.increment();
        advance(number, timestamp, true);
        if (sendOrdinal > 0 && !resent) {
            if (lastSendOrdinal > 0 && (sendOrdinal > lastSendOrdinal) != (number > lastSendNumber)) {
                violated(tally.senderOrder, "acked against the order sent", number);
            }
            lastSendOrdinal = sendOrdinal;
            lastSendNumber = number;
        }
    }

    private void compare(long number, String messageId, long timestamp) {
        switch (log.saw(number, messageId, timestamp)) {
            case AGREES -> {}
            case WRONG_NUMBER -> violated(tally.wrongNumbers, "wrong number", number);
            case WRONG_TIME -> violated(tally.wrongTimes, "another time than elsewhere", number);
        }
    }

    /// A duplicate ack tells of a number outside the order of deliveries: it closes a hole but opens none.
    private void settle(long number) {
        if (holes.fill(number) == Holes.Filled.NO_HOLE && begun && number == last + 1) {
            reach(number);
        }
    }

    private void advance(long number, long timestamp, boolean ack) {
        if (!begun) {
            begin(number, timestamp);
        } else if (number == last + 1) {
            inOrder(number, timestamp);
        } else if (number > last && ack) {
            // The lower numbers are still to come, in order or not, and are judged when they do.
            violated(tally.acksAhead, "ack ahead of lower numbers", number);
            ahead.add(number);
        } else if (ahead.contains(number)) {
            violated(tally.duplicated, "duplicated", number);
        } else if (number > last) {
            // On a later socket the run may still be below what an earlier one saw.
            holes.add(Math.max(last, highest) + 1, number - 1, false);
            inOrder(number, timestamp);
        } else {
            late(number);
        }
    }

    private void begin(long number, long timestamp) {
        begun = true;
        runFirst = number;
        if (number <= highest) {
            again(number);
        } else if (anew) {
            holes.add(highest + 1, number - 1, true);
        }
        lastTimestamp = timestamp;
        reach(number);
    }

    private void inOrder(long number, long timestamp) {
        if (number <= highest) {
            again(number);
        }
        if (timestamp < lastTimestamp) {
            violated(tally.wrongTimes, "time went back", number);
        }
        lastTimestamp = timestamp;
        reach(number);
    }

    /// Moves to `number`; what acks brought ahead of it is no hole, and what they brought right after it is next.
    private void reach(long number) {
        last = number;
        highest = Math.max(highest, number);
        while (!ahead.isEmpty() && ahead.first() <= last + 1) {
            long early = ahead.removeFirst();
            if (early == last + 1) {
                last = early;
                highest = Math.max(highest, early);
            } else {
                holes.fill(early);
            }
        }
    }

    /// A number at or below what earlier sockets brought, in the order of this one.
    private void again(long number) {
        if (holes.fill(number) == Holes.Filled.NO_HOLE) {
            tally.redelivered.increment();
        }
    }

    private void late(long number) {
        if (number < runFirst) {
            again(number);
            return;
        }
        switch (holes.fill(number)) {
            case OWED, AWAY -> violated(tally.outOfOrder, "out of order", number);
            case NO_HOLE -> violated(tally.duplicated, "duplicated", number);
        }
    }

    /// The socket is gone; what comes next begins a new run.
    void away() {
        begun = false;
        anew = true;
    }

    /// Whether a number that another connection has seen is still owed to this one.
    boolean behind() {
        return begun && (highest < log.highest() || holes.owed() > 0);
    }

    /// Counts what never came, and tells the first of it.
    Missing missing() {
        long tail = Math.max(0, log.highest() - highest - ahead.size());
        long owed = holes.owed() + (begun ? tail : 0);
        if (owed > 0) {
            tally.example(
                    "lost " + owed + " of " + log.highest() + " numbers, last seen",
                    log.conversationId(),
                    highest,
                    connection);
        }
        return new Missing(owed, holes.owedRanges(), holes.away() + (anew && !begun ? tail : 0));
    }

    /// What one connection never saw of one conversation.
    record Missing(long lost, long gaps, long away) {}

    private void violated(LongAdder count, String what, long number) {
        tally.violated(count, what, log.conversationId(), number, connection);
    }
}

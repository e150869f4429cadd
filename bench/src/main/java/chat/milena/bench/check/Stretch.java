package chat.milena.bench.check;

import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// The numbers of one conversation that one connection has received: the run of numbers on its present socket, and
/// the holes of all sockets.
///
/// The next number must be the last plus one. A run begins at number 1 if the connection was up when the
/// conversation was created, at the number of the change that made its user a member, and after a reconnect at the
/// first number that arrives. It ends with the number of the change by which its user left. A number that arrives
/// while *outside* is a violation. After a reconnect the membership is unknown, so then both are allowed.
///
/// If the new socket *resumes*, the run continues. Numbers received before may arrive once more before the first
/// new one, in order. After the last received one no number may be missing, except those while the member was
/// outside. Not thread-safe; its [Observer] guards it.
final class Stretch {
    private final NumberLog log;
    private final Tally tally;
    private final String connection;
    private final Holes holes = new Holes();
    /// Acks whose lower numbers have not arrived, at most as many as sends in flight.
    private final NavigableSet<Long> ahead = new TreeSet<>();
    private final SendOrder sendOrder = new SendOrder();
    private final Overtaken overtaken;

    private long last;
    private long highest;
    private long runFirst;
    private long lastTimestamp;
    private boolean begun;
    private boolean fresh;
    private boolean outside;
    private boolean joining;
    private boolean runJoined;
    /// The state when the socket was lost; null while there is one.
    private @Nullable Standing kept;
    private boolean resuming;
    private long repeatsTo;
    private long repeatedTo;

    Stretch(NumberLog log, Tally tally, String connection) {
        this.log = log;
        this.tally = tally;
        this.overtaken = new Overtaken(log);
        this.connection = connection;
    }

    /// From now on number 1 and all that follow are expected.
    void expectFromStart() {
        if (!begun && !fresh && !outside) {
            begun = true;
        }
        if (Standing.NEW.equals(kept)) {
            kept = new Standing(true, false, false, false);
        }
    }

    /// Not a member until a frame says so.
    void expectNothing() {
        begun = false;
        outside = true;
        if (kept != null) {
            kept = new Standing(false, kept.fresh(), true, kept.joining());
        }
    }

    /// A request to become a member was sent. Without a socket it is unknown which of its frames will arrive.
    void joining(boolean down) {
        if (down) {
            outside = false;
            fresh = true;
            kept = kept == null ? null : kept.withJoining(true);
        } else {
            joining = true;
        }
    }

    void notJoining() {
        joining = false;
        kept = kept == null ? null : kept.withJoining(false);
    }

    void joined(long number) {
        sawChange(number);
        boolean first = !begun && !fresh;
        if (outside || first || (joining && !begun)) {
            if (number <= highest) {
                violated(tally.outOfOrder, "joined below what it has seen", number);
            }
            outside = false;
            begun = true;
            fresh = false;
            runFirst = number;
            runJoined = true;
            reach(number);
        } else {
            advance(number, lastTimestamp, false);
        }
        joining = false;
    }

    void left(long number) {
        sawChange(number);
        if (resuming && number <= repeatsTo) {
            // A repeated frame; its state is already known.
            return;
        }
        if (outside) {
            violated(tally.outside, "left while outside", number);
            return;
        }
        if (resuming && begun && number > last + 1) {
            // A former member does not receive events from before.
            holes.add(Math.max(last, highest) + 1, number - 1, true);
            inOrder(number, lastTimestamp);
        } else {
            advance(number, lastTimestamp, false);
        }
        if (!ahead.isEmpty()) {
            violated(tally.outside, "acked after leaving", ahead.last());
            ahead.clear();
        }
        begun = false;
        fresh = false;
        outside = true;
    }

    /// Returns whether this connection receives it for the first time.
    boolean delivered(long number, String messageId, long timestamp) {
        compare(number, messageId, timestamp);
        boolean first = number > highest || holes.holds(number);
        if (first || !resuming) {
            tally.deliveries.increment();
        }
        if (inside(number) && !overtaken.was(number)) {
            advance(number, timestamp, false);
        }
        return first;
    }

    /// Numbers of messages that are no longer shown.
    void expired(long from, long to) {
        for (long number = from; number <= Math.min(to, from + Holes.RANGES_MAX); number++) {
            if (inside(number)) {
                advance(number, lastTimestamp, false);
            }
        }
    }

    void changed(long number) {
        sawChange(number);
        if (number == 1 && !begun && !fresh && !outside) {
            begun = true;
        }
        if (inside(number)) {
            advance(number, lastTimestamp, false);
        }
    }

    /// A number of reactions of a large group, whose frame may come after higher numbers.
    void gathered(long number) {
        sawChange(number);
        log.isOfLargeGroup();
        if (!inside(number) || ahead.contains(number)) {
            return;
        }
        if (begun && number > (resuming ? repeatedTo : last)) {
            advance(number, lastTimestamp, false);
        } else {
            again(number);
        }
    }

    private boolean inside(long number) {
        if (outside) {
            violated(tally.outside, "came while outside", number);
        }
        return !outside;
    }

    private void sawChange(long number) {
        if (log.sawChange(number) != NumberLog.Verdict.AGREES) {
            violated(tally.wrongNumbers, "a change with the number of a message", number);
        }
    }

    void acked(long number, String messageId, long timestamp, boolean duplicate, long sendOrdinal, boolean resent) {
        compare(number, messageId, timestamp);
        if (duplicate) {
            tally.duplicateAcks.increment();
            // It names a number outside the order of deliveries: it closes a hole but opens none.
            if (holes.fill(number) != Holes.Filled.NO_HOLE) {
                overtaken.add(number);
            } else if (begun && number == last + 1) {
                overtaken.add(number);
                reach(number);
            }
            return;
        }
        tally.acks.increment();
        if (inside(number) && !overtaken.was(number)) {
            advance(number, timestamp, true);
            inSendOrder(number, sendOrdinal, resent);
        }
    }

    void ackedChange(long number, boolean duplicate, long sendOrdinal, boolean resent) {
        if (duplicate) {
            // The change may be another user's, and its frame may still come.
            tally.duplicateAcks.increment();
            return;
        }
        sawChange(number);
        tally.acks.increment();
        if (inside(number)) {
            advance(number, lastTimestamp, true);
            inSendOrder(number, sendOrdinal, resent);
        }
    }

    private void inSendOrder(long number, long sendOrdinal, boolean resent) {
        if (!sendOrder.keeps(number, sendOrdinal, resent)) {
            violated(tally.senderOrder, "acked against the order sent", number);
        }
    }

    private void compare(long number, String messageId, long timestamp) {
        switch (log.saw(number, messageId, timestamp)) {
            case AGREES -> {}
            case WRONG_NUMBER -> violated(tally.wrongNumbers, "wrong number", number);
            case WRONG_TIME -> violated(tally.wrongTimes, "another time than elsewhere", number);
        }
    }

    private void advance(long number, long timestamp, boolean ack) {
        if (!begun) {
            begin(number, timestamp);
        } else if (resuming && !ack && number <= repeatsTo) {
            repeated(number);
        } else if (number == last + 1) {
            inOrder(number, timestamp);
        } else if (number > last && ack && !log.isLarge()) {
            // The lower numbers are still expected, in order or not, and are judged when they arrive.
            violated(tally.acksAhead, "ack ahead of lower numbers", number);
            ahead.add(number);
        } else if (ahead.contains(number)) {
            violated(tally.duplicated, "duplicated", number);
        } else if (number > last) {
            // On a later socket the run may still be below the numbers of an earlier one.
            holes.add(Math.max(last, highest) + 1, number - 1, false);
            inOrder(number, timestamp);
        } else {
            late(number);
        }
    }

    private void begin(long number, long timestamp) {
        begun = true;
        runFirst = number;
        runJoined = false;
        if (number <= highest) {
            again(number);
        } else if (fresh) {
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

    /// A number that arrives again after the socket resumed; in order, and each once.
    private void repeated(long number) {
        if (number > repeatedTo) {
            repeatedTo = number;
            again(number);
        } else {
            lateOnThisSocket(number);
        }
    }

    /// Moves to `number`. Acks ahead of it leave no hole, and acks right after it come next.
    private void reach(long number) {
        last = number;
        resuming = false;
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

    /// A number at or below those of earlier sockets, in the order of this one.
    private void again(long number) {
        if (holes.fill(number) == Holes.Filled.NO_HOLE) {
            tally.redelivered.increment();
        }
    }

    private void late(long number) {
        if (number < runFirst) {
            if (runJoined) {
                violated(tally.outside, "from before its joining", number);
            } else {
                again(number);
            }
            return;
        }
        lateOnThisSocket(number);
    }

    private void lateOnThisSocket(long number) {
        switch (holes.fill(number)) {
            case OWED, AWAY -> violated(tally.outOfOrder, "out of order", number);
            case NO_HOLE -> violated(tally.duplicated, "duplicated", number);
        }
    }

    /// The socket is gone. The next number begins a new run, unless the next socket resumes.
    void away() {
        if (kept == null) {
            kept = new Standing(begun, fresh, outside, joining);
        }
        resuming = false;
        if (!outside || joining) {
            outside = false;
            fresh = true;
        }
        begun = false;
        joining = false;
        overtaken.away();
    }

    /// The next socket starts with nothing.
    void reconnected() {
        kept = null;
    }

    /// The next socket continues where the last one ended.
    void resumed() {
        Standing before = kept;
        if (before == null) {
            return;
        }
        kept = null;
        begun = before.begun();
        fresh = before.fresh();
        outside = before.outside();
        joining = before.joining();
        resuming = true;
        repeatsTo = begun ? last : highest;
        repeatedTo = 0;
    }

    /// Whether this connection still misses a number that another connection has received.
    boolean behind() {
        return joining || (begun && (highest < log.highest() || holes.owed() > 0));
    }

    /// Counts the numbers that never arrived, and reports the first of them.
    Missing missing() {
        overtaken.doubled().forEach(number -> violated(tally.duplicated, "duplicated after its resend", number));
        long tail = Math.max(0, log.highest() - highest - ahead.size());
        if (joining && !begun) {
            tally.example("not notified that it joined", log.conversationId(), highest, connection);
            return new Missing(holes.owed() + 1, holes.owedRanges(), holes.away());
        }
        long owed = holes.owed() + (begun ? tail : 0);
        if (owed > 0) {
            tally.example(
                    "lost " + owed + " of " + log.highest() + " numbers, last seen",
                    log.conversationId(),
                    highest,
                    connection);
        }
        return new Missing(owed, holes.owedRanges(), holes.away() + (fresh && !begun ? tail : 0));
    }

    private void violated(LongAdder count, String what, long number) {
        tally.violated(count, what, log.conversationId(), number, connection);
    }
}

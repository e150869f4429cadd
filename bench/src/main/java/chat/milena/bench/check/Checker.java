package chat.milena.bench.check;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// Checks the delivery contract over everything that a set of connections saw.
///
/// In one conversation each connection must see numbers rising by one, counting acks of its own sends, messages and
/// changes; a number must stand for the same message and time wherever it is seen, and a message for one number; time
/// must not go back; and acks must follow the order of sends. An ack that says `duplicate` repeats an old number and is
/// compared, but takes no part in the order. What a connection missed while it was away is owed to it where the server
/// said that it resumed, though some may come again, and counted apart where it did not. Who joins is owed everything
/// from the number of joining on, and who left nothing after the number of leaving, nor may it come.
///
/// Thread-safe; memory is bounded by the conversations and messages that the run itself makes.
public final class Checker {
    private final Map<String, NumberLog> logs = new ConcurrentHashMap<>();
    private final List<Observer> observers = new CopyOnWriteArrayList<>();
    private final Tally tally = new Tally();

    /// A new connection, named for the reader of violations.
    public Observer observer(String connection) {
        Observer observer = new Observer(this, connection);
        observers.add(observer);
        return observer;
    }

    /// How many connections still miss a number that some other connection has seen.
    public long behind() {
        return observers.stream().filter(Observer::behind).count();
    }

    /// The highest number of a conversation that anybody has seen.
    public long highest(String conversationId) {
        return log(conversationId).highest();
    }

    /// Messages delivered so far, for a progress line.
    public long deliveries() {
        return tally.deliveries.sum();
    }

    /// Violations seen so far, without what may still come: losses and gaps are in [#report] only.
    public long violationsSeen() {
        return tally.violations.sum();
    }

    /// The outcome; call it when nothing more is awaited, since all that has not come by then is lost.
    public CheckReport report() {
        List<Stretch.Missing> missing =
                observers.stream().flatMap(Observer::missing).toList();
        return new CheckReport(
                tally.deliveries.sum(),
                tally.acks.sum(),
                tally.duplicateAcks.sum(),
                missing.stream().mapToLong(Stretch.Missing::lost).sum(),
                tally.duplicated.sum(),
                tally.outOfOrder.sum(),
                tally.acksAhead.sum(),
                missing.stream().mapToLong(Stretch.Missing::gaps).sum(),
                tally.wrongNumbers.sum(),
                tally.wrongTimes.sum(),
                tally.senderOrder.sum(),
                tally.outside.sum(),
                missing.stream().mapToLong(Stretch.Missing::away).sum(),
                tally.redelivered.sum(),
                tally.reconnects.sum(),
                tally.resumed.sum(),
                tally.examples());
    }

    NumberLog log(String conversationId) {
        return logs.computeIfAbsent(conversationId, NumberLog::new);
    }

    Tally tally() {
        return tally;
    }
}

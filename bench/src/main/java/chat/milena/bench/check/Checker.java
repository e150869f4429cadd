package chat.milena.bench.check;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// Checks the delivery contract over all frames that a set of connections received. The rules for one conversation
/// are:
///
/// - Each connection sees numbers that rise by one. Acks of its own sends, messages and changes all count.
/// - A number stands for the same message and time at every connection, and a message has one number.
/// - Time does not decrease.
/// - Acks follow the order of sends. An ack with `duplicate` repeats an old number: it is compared, but does not
///   take part in the order.
/// - If the server said that a connection resumed, it must receive what it missed while it was away; some numbers
///   may arrive again. If it did not resume, the missed numbers are counted separately.
/// - A user who joins receives every number from the joining on. A user who leaves receives nothing after the
///   number of leaving.
///
/// Thread-safe; memory is bounded by the conversations and messages of the run itself.
public final class Checker {
    private final Map<String, NumberLog> logs = new ConcurrentHashMap<>();
    private final List<Observer> observers = new CopyOnWriteArrayList<>();
    private final Tally tally = new Tally();
    private final ConcurrentHashMap<FoldedMessage, FoldedMessage> messages = new ConcurrentHashMap<>();

    /// A new connection; violations name it.
    public Observer observer(String connection) {
        Observer observer = new Observer(this, connection);
        observers.add(observer);
        return observer;
    }

    /// A group that the server takes for large. Else its first gathered reaction shows it, if there is one.
    public void expectLarge(String conversationId) {
        log(conversationId).isOfLargeGroup();
    }

    /// The number of connections that still miss a number that another connection has received.
    public long behind() {
        return observers.stream().filter(Observer::behind).count();
    }

    /// The highest number of a conversation that any connection has received.
    public long highest(String conversationId) {
        return log(conversationId).highest();
    }

    /// Messages delivered so far, for a progress line.
    public long deliveries() {
        return tally.deliveries.sum();
    }

    /// Violations so far, without losses and gaps, which only [#report] has since they may still be filled.
    public long violationsSeen() {
        return tally.violations.sum();
    }

    /// The result. Call it when no more frames are expected: missing numbers count as lost.
    public CheckReport report() {
        List<Missing> missing = observers.stream().flatMap(Observer::missing).toList();
        return new CheckReport(
                tally.deliveries.sum(),
                tally.acks.sum(),
                tally.duplicateAcks.sum(),
                missing.stream().mapToLong(Missing::lost).sum(),
                tally.duplicated.sum(),
                tally.outOfOrder.sum(),
                tally.acksAhead.sum(),
                missing.stream().mapToLong(Missing::gaps).sum(),
                tally.wrongNumbers.sum(),
                tally.wrongTimes.sum(),
                tally.senderOrder.sum(),
                tally.outside.sum(),
                missing.stream().mapToLong(Missing::away).sum(),
                tally.redelivered.sum(),
                tally.reconnects.sum(),
                tally.resumed.sum(),
                tally.examples.list());
    }

    Fold newFold(String conversationId) {
        return new Fold(log(conversationId), messages);
    }

    NumberLog log(String conversationId) {
        return logs.computeIfAbsent(conversationId, NumberLog::new);
    }

    Tally tally() {
        return tally;
    }
}

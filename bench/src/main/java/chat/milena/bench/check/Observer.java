package chat.milena.bench.check;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// One connection's side of a [Checker]: all frames that arrived on it, in their order.
///
/// Thread-safe, and cheap when called from one thread, which is how a connection calls it.
public final class Observer {
    private final Checker checker;
    private final String connection;
    private final Map<String, Stretch> stretches = new HashMap<>();
    private final Map<String, Fold> folds = new ConcurrentHashMap<>();
    private boolean wasAway;
    private boolean wasAwayBefore;
    private boolean down;

    Observer(Checker checker, String connection) {
        this.checker = checker;
        this.connection = connection;
    }

    /// This connection is up and a member from the first number of the conversation.
    public synchronized void expectFromStart(String conversationId) {
        stretch(conversationId).expectFromStart();
    }

    /// Not a member, until [#joined].
    public synchronized void expectNothing(String conversationId) {
        stretch(conversationId).expectNothing();
    }

    /// A request to make it a member is about to be sent. From now on a `conversation.created` may arrive at any
    /// moment. It must arrive unless the socket is lost before or [#notJoining] withdraws the request.
    public synchronized void joining(String conversationId) {
        stretch(conversationId).joining(down);
    }

    /// The request to make it a member was refused.
    public synchronized void notJoining(String conversationId) {
        stretch(conversationId).notJoining();
    }

    /// A `conversation.created`: a member from this number on.
    public synchronized void joined(String conversationId, long number) {
        stretch(conversationId).joined(number);
    }

    /// A `conversation.left`: this is the last number that it may receive.
    public synchronized void left(String conversationId, long number) {
        stretch(conversationId).left(number);
    }

    /// A `message.new`, or a message that was missed.
    ///
    /// @return whether this connection had not yet received it
    public synchronized boolean delivered(String conversationId, long number, String messageId, long timestamp) {
        return stretch(conversationId).delivered(number, messageId, timestamp);
    }

    /// Numbers of missed messages that are no longer shown, both ends included.
    public synchronized void expired(String conversationId, long from, long to) {
        stretch(conversationId).expired(from, to);
    }

    /// A frame with a number that is not a message, such as `conversation.updated`.
    public synchronized void changed(String conversationId, long number) {
        stretch(conversationId).changed(number);
    }

    /// A number of a frame that stands for several reactions.
    public synchronized void gathered(String conversationId, long number) {
        stretch(conversationId).gathered(number);
    }

    /// A `message.ack`. `sendOrdinal` is the send's position among this connection's, or 0 if unknown. `resent`
    /// means that the order of sends no longer applies.
    public synchronized void acked(
            String conversationId,
            long number,
            String messageId,
            long timestamp,
            boolean duplicate,
            long sendOrdinal,
            boolean resent) {
        stretch(conversationId).acked(number, messageId, timestamp, duplicate, sendOrdinal, resent);
    }

    /// An ack of a change. With `duplicate` it has the number of an earlier change, or of the message itself.
    public synchronized void ackedChange(
            String conversationId, long number, boolean duplicate, long sendOrdinal, boolean resent) {
        stretch(conversationId).ackedChange(number, duplicate, sendOrdinal, resent);
    }

    /// The messages of a conversation as this connection has them.
    public Fold fold(String conversationId) {
        return folds.computeIfAbsent(conversationId, checker::newFold);
    }

    /// Frames were lost: each fold of this connection waits for a sync.
    ///
    /// @return the folds by their conversations
    public Map<String, Fold> losesFrames() {
        folds.values().forEach(Fold::losesFrames);
        return Map.copyOf(folds);
    }

    /// The socket is gone. Numbers that pass until the first frame of the next socket count as missed while away,
    /// unless that one resumes.
    public synchronized void disconnected() {
        if (!down) {
            wasAwayBefore = wasAway;
        }
        wasAway = true;
        down = true;
        stretches.values().forEach(Stretch::away);
    }

    /// The first socket is open; attempts before it missed nothing.
    public synchronized void connected() {
        goOn();
    }

    /// A socket is open again and continues where the last one ended: no number may be missing, and some may
    /// arrive again.
    public synchronized void resumed() {
        checker.tally().reconnects.increment();
        checker.tally().resumed.increment();
        goOn();
    }

    /// A new socket is open; it starts with nothing.
    public synchronized void reconnected() {
        checker.tally().reconnects.increment();
        down = false;
        stretches.values().forEach(Stretch::reconnected);
    }

    private void goOn() {
        if (down) {
            wasAway = wasAwayBefore;
        }
        down = false;
        stretches.values().forEach(Stretch::resumed);
    }

    synchronized boolean behind() {
        return stretches.values().stream().anyMatch(Stretch::behind);
    }

    synchronized Stream<Missing> missing() {
        return stretches.values().stream().map(Stretch::missing).toList().stream();
    }

    private Stretch stretch(String conversationId) {
        Stretch known = stretches.get(conversationId);
        if (known != null) {
            return known;
        }
        Stretch fresh = new Stretch(checker.log(conversationId), checker.tally(), connection);
        if (wasAway) {
            fresh.away();
            if (!down) {
                fresh.reconnected();
            }
        }
        stretches.put(conversationId, fresh);
        return fresh;
    }
}

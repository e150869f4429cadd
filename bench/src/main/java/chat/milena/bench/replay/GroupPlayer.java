package chat.milena.bench.replay;

import chat.milena.bench.client.MessageIds;
import chat.milena.bench.client.ServerFrame;
import java.util.List;

/// Plays one transcript into one group: lines in order, each by its own person, at most `window` unacked.
///
/// A person whose connection takes no more holds the whole file back, so that order stays. Thread-safe: turns come
/// from the event loop with each ack and from the replay's own ticks. It remembers the number of every acked line, and
/// can then send the same again to see that nothing changes.
final class GroupPlayer {
    private final Transcript transcript;
    private final String conversationId;
    private final List<Person> speakers;
    private final MessageIds ids;
    private final long firstIndex;
    private final long[] dueNanos;
    private final boolean paced;
    private final int window;
    private final long[] startedNanos;
    private final long[] ackedNumbers;

    private int next;
    private int inFlight;
    private long sent;
    private long acked;
    private long refused;
    private long resends;
    private long wrongResends;
    private boolean begun;
    private boolean verifying;

    /// @param speakers who says each line
    /// @param dueNanos when each line is due, counted from the beginning
    GroupPlayer(
            Transcript transcript,
            String conversationId,
            List<Person> speakers,
            MessageIds ids,
            long firstIndex,
            long[] dueNanos,
            boolean paced,
            int window) {
        this.transcript = transcript;
        this.conversationId = conversationId;
        this.speakers = List.copyOf(speakers);
        this.ids = ids;
        this.firstIndex = firstIndex;
        this.dueNanos = dueNanos.clone();
        this.paced = paced;
        this.window = window;
        this.startedNanos = new long[dueNanos.length];
        this.ackedNumbers = new long[dueNanos.length];
    }

    /// The beginning, which due times count from.
    synchronized void begin(long nowNanos) {
        for (int i = 0; i < dueNanos.length; i++) {
            dueNanos[i] += nowNanos;
        }
        begun = true;
    }

    /// Hands over what is due and fits.
    synchronized void play(long nowNanos) {
        while (begun && next < speakers.size() && inFlight < window) {
            if (verifying && ackedNumbers[next] == 0) {
                next++;
                continue;
            }
            boolean due = verifying || !paced || dueNanos[next] - nowNanos <= 0;
            if (!due || !hand(next, nowNanos)) {
                return;
            }
            next++;
        }
    }

    private boolean hand(int line, long nowNanos) {
        if (!verifying) {
            startedNanos[line] = paced ? dueNanos[line] : nowNanos;
        }
        // Counted before the hand-over, which may be answered before it returns.
        inFlight++;
        String text = transcript.lines().get(line).text();
        if (!speakers.get(line).trySend(conversationId, ids.of(firstIndex + line), text, firstIndex + line)) {
            inFlight--;
            return false;
        }
        if (verifying) {
            resends++;
        } else {
            sent++;
        }
        return true;
    }

    /// The ack of a line; the answer is true when it is the line's first.
    synchronized boolean acked(long index, ServerFrame.MessageAck ack) {
        int line = (int) (index - firstIndex);
        inFlight--;
        if (verifying) {
            if (!ack.duplicate() || ack.sequenceNumber() != ackedNumbers[line]) {
                wrongResends++;
            }
            return false;
        }
        ackedNumbers[line] = ack.sequenceNumber();
        acked++;
        return true;
    }

    synchronized void refused() {
        inFlight--;
        refused++;
        if (verifying) {
            wrongResends++;
        }
    }

    /// From now on every acked line is sent once more.
    synchronized void verify() {
        verifying = true;
        next = 0;
    }

    synchronized boolean done() {
        return next >= speakers.size() && inFlight == 0;
    }

    synchronized int inFlight() {
        return inFlight;
    }

    /// When the line was handed over or, when paced, was due; 0 before that.
    long startedNanos(long index) {
        return startedNanos[(int) (index - firstIndex)];
    }

    boolean holds(long index) {
        return index >= firstIndex && index < firstIndex + startedNanos.length;
    }

    long firstIndex() {
        return firstIndex;
    }

    synchronized long sent() {
        return sent;
    }

    synchronized long acked() {
        return acked;
    }

    synchronized long answered() {
        return acked + refused + resends - (verifying ? inFlight : 0);
    }

    synchronized long resends() {
        return resends;
    }

    synchronized long wrongResends() {
        return wrongResends;
    }

    int others() {
        return transcript.people().size() - 1;
    }
}

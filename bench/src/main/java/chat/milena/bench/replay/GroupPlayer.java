package chat.milena.bench.replay;

import chat.milena.bench.client.MessageIds;
import chat.milena.bench.client.Outgoing;
import chat.milena.bench.frame.ServerFrame;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// Plays one transcript into one group: lines in order, each by its own person, at most `window` unacked.
///
/// The lines of a person who is not a member at the time are skipped. A person whose connection has no room delays
/// the whole file, so that the order is kept. Thread-safe: turns come from the event loop with each ack and from
/// the replay's own ticks. It records the number of every acked line, and can then send the lines again to check
/// that the numbers stay the same.
final class GroupPlayer {
    private static final String NOT_A_MEMBER = "FORBIDDEN";

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
    private final Set<Person> absent = new HashSet<>();
    private final Set<Person> restless;
    private final Semaphore room;

    private int next;
    private int inFlight;
    private long sent;
    private long acked;
    private long refused;
    private long unsaid;
    private long resends;
    private long wrongResends;
    private boolean begun;
    private boolean verifying;
    private volatile @Nullable Mutator mutator;

    /// @param speakers the person of each line
    /// @param dueNanos when each line is due, counted from the beginning
    /// @param restless the people who may leave and join while it plays
    /// @param room one permit for each line of all groups between its hand-over and the end of its reads
    GroupPlayer(
            Transcript transcript,
            String conversationId,
            List<Person> speakers,
            MessageIds ids,
            long firstIndex,
            long[] dueNanos,
            boolean paced,
            int window,
            Collection<Person> restless,
            Semaphore room) {
        this.transcript = transcript;
        this.conversationId = conversationId;
        this.speakers = List.copyOf(speakers);
        this.ids = ids;
        this.firstIndex = firstIndex;
        this.dueNanos = dueNanos.clone();
        this.paced = paced;
        this.window = window;
        this.restless = Set.copyOf(restless);
        this.room = room;
        this.startedNanos = new long[dueNanos.length];
        this.ackedNumbers = new long[dueNanos.length];
    }

    /// The beginning, from which due times count.
    synchronized void begin(long nowNanos) {
        for (int i = 0; i < dueNanos.length; i++) {
            dueNanos[i] += nowNanos;
        }
        begun = true;
    }

    /// Hands over the due lines, as far as there is room.
    synchronized void play(long nowNanos) {
        if (mutator != null) {
            mutator.play();
        }
        while (begun && next < speakers.size() && inFlight < window) {
            if (verifying && ackedNumbers[next] == 0) {
                next++;
                continue;
            }
            boolean due = verifying || !paced || dueNanos[next] - nowNanos <= 0;
            if (due && !verifying && absent.contains(speakers.get(next))) {
                unsaid++;
                next++;
                continue;
            }
            if (!due || !hand(next, nowNanos)) {
                return;
            }
            next++;
        }
    }

    private boolean hand(int line, long nowNanos) {
        if (!verifying && !room.tryAcquire()) {
            return false;
        }
        if (!verifying) {
            startedNanos[line] = paced ? dueNanos[line] : nowNanos;
        }
        // Counted before the hand-over, which may be answered before it returns.
        inFlight++;
        Outgoing text = new Outgoing.Message(transcript.lines().get(line).text(), null);
        if (!speakers.get(line).trySend(conversationId, ids.of(firstIndex + line), text, firstIndex + line)) {
            inFlight--;
            if (!verifying) {
                room.release();
            }
            return false;
        }
        if (verifying) {
            resends++;
        } else {
            sent++;
        }
        return true;
    }

    /// The ack of a line. Returns true for the line's first ack; the caller then has to return its permit.
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
        if (mutator != null) {
            // Before anybody can find that all is done.
            mutator.follow(line);
        }
        return true;
    }

    /// The refusal of a line; false if the line only came too late, from a person who was leaving.
    synchronized boolean refused(long index, String code) {
        inFlight--;
        if (!verifying) {
            room.release();
        }
        if (!verifying && code.equals(NOT_A_MEMBER) && restless.contains(speakers.get((int) (index - firstIndex)))) {
            unsaid++;
            return false;
        }
        refused++;
        if (verifying) {
            wrongResends++;
        }
        return true;
    }

    /// From now on the lines of this person are skipped.
    synchronized void leaves(Person person) {
        absent.add(person);
    }

    synchronized void comesBack(Person person) {
        absent.remove(person);
    }

    /// From now on these changes follow the lines.
    void mutates(Mutator changes) {
        mutator = changes;
    }

    /// What follows the lines; null if nothing does.
    @Nullable
    Mutator mutator() {
        return mutator;
    }

    Person speaker(int line) {
        return speakers.get(line);
    }

    /// The person of a line.
    String speakerOf(long index) {
        return transcript.lines().get((int) (index - firstIndex)).userId();
    }

    /// The next line to send; the number of lines if all are sent.
    synchronized int position() {
        return next;
    }

    String conversationId() {
        return conversationId;
    }

    int lines() {
        return speakers.size();
    }

    /// From now on every acked line is sent once more.
    synchronized void verify() {
        verifying = true;
        next = 0;
    }

    synchronized boolean done() {
        return next >= speakers.size() && inFlight == 0 && (mutator == null || mutator.done());
    }

    /// Messages that were acked: lines and replies to them.
    long said() {
        Mutator following = mutator;
        return acked() + (following == null ? 0 : following.count(Outgoing.Message.class));
    }

    synchronized int inFlight() {
        return inFlight;
    }

    /// When the line was handed over or, if paced, was due; 0 before that.
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
        return acked + refused + unsaid + resends - (verifying ? inFlight : 0);
    }

    /// Lines whose person was not a member when the line was due.
    synchronized long unsaid() {
        return unsaid;
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

package chat.milena.bench.load;

import chat.milena.bench.check.Checker;
import chat.milena.bench.client.MessageIds;
import chat.milena.bench.client.Outgoing;
import chat.milena.bench.client.SentMessage;
import chat.milena.bench.report.MachineUse;
import chat.milena.bench.report.Notices;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongFunction;

/// One separate load: conversations of one size, their users, one schedule and one meter.
///
/// Sends go to the conversations in turn, and within each round to its members. A send without room in the bounded
/// in-flight window of its connection, and a send that the server refuses, count as refused and are not retried: a
/// load that waits is not an open loop. Sends come from one thread, the driver's; answers from event loops.
public final class Lane {
    private static final String EMOJI = "👍";

    /// A conversation and the users who send in it.
    record Talk(String conversationId, List<LoadUser> members) {
        Talk {
            members = List.copyOf(members);
        }
    }

    private final Checker checker;
    private final Notices notices;
    private final int othersEach;
    private final int speakersEach;
    /// The seed of its schedules; another one for each shape of load.
    private final int seed;
    private final LongFunction<String> texts;
    private final boolean changes;
    private final MessageIds ids = new MessageIds(UUID.randomUUID());
    private final LongAdder unanswered = new LongAdder();
    private List<Talk> talks = List.of();
    private volatile StepMeter meter = new StepMeter(new Schedule(0, 1, 0, 0), 0, 0, 1);
    private long nextIndex;
    private long done;
    private long violationsBefore;
    private long lostSocketsBefore;

    public Lane(Checker checker, Notices notices, Shape shape, String text) {
        this(checker, notices, shape, text, shape.membersEach());
    }

    /// A lane in which each member sends.
    ///
    /// @param texts of messages, by their numbers
    public static Lane ofTexts(Checker checker, Notices notices, Shape shape, LongFunction<String> texts) {
        return new Lane(checker, notices, shape, texts, shape.membersEach(), false);
    }

    /// A lane in which each member sends one message in each of its conversations, and from then on changes that: edits
    /// it, and adds and removes a reaction, in turn. Acks alone are measured.
    public static Lane ofChanges(Checker checker, Notices notices, Shape shape, String text) {
        return new Lane(checker, notices, shape, number -> text, shape.membersEach(), true);
    }

    /// @param speakersEach how many of each conversation's members send, from place 0 on; the others only receive
    public Lane(Checker checker, Notices notices, Shape shape, String text, int speakersEach) {
        this(checker, notices, shape, number -> text, speakersEach, false);
    }

    private Lane(
            Checker checker,
            Notices notices,
            Shape shape,
            LongFunction<String> texts,
            int speakersEach,
            boolean changes) {
        this.changes = changes;
        this.speakersEach = speakersEach;
        this.checker = checker;
        this.notices = notices;
        this.othersEach = changes ? 0 : shape.membersEach() - 1;
        this.seed = shape.hashCode();
        this.texts = texts;
    }

    public void meet(List<Talk> all) {
        talks = List.copyOf(all);
    }

    public void begin(long startNanos, double perSecond, Duration unmeasured, Duration measured) {
        long warm = (long) (perSecond * unmeasured.toMillis() / 1000);
        long count = warm + (long) Math.max(1, perSecond * measured.toMillis() / 1000);
        done = 0;
        violationsBefore = checker.violationsSeen();
        lostSocketsBefore = notices.lostSockets();
        meter = new StepMeter(new Schedule(startNanos, perSecond, count, seed), nextIndex, warm, othersEach);
    }

    public void sendDue(long nowNanos) {
        StepMeter running = meter;
        long due = running.schedule().dueBy(nowNanos);
        for (; done < due; done++) {
            send(nextIndex++, running);
        }
    }

    private void send(long index, StepMeter running) {
        Talk talk = talks.get((int) (index % talks.size()));
        int place = (int) (index / talks.size() % speakersEach);
        running.sent(index);
        unanswered.increment();
        long places = (long) talks.size() * speakersEach;
        boolean change = changes && index >= places;
        String messageId = ids.of(change ? index % places : index);
        Outgoing what = change ? change(index, index / places) : new Outgoing.Message(texts.apply(index), null);
        if (!talk.members.get(place).trySend(talk.conversationId, messageId, what, index)) {
            unanswered.decrement();
            running.refused(index, "IN_FLIGHT");
        }
    }

    private Outgoing change(long index, long round) {
        return round % 2 == 1
                ? new Outgoing.Edit(round + texts.apply(index))
                : new Outgoing.Reaction(EMOJI, round % 4 == 0);
    }

    /// Ends the running step with the sends so far.
    public void cut() {
        meter.cut(done);
    }

    public boolean allSent() {
        return done >= meter.schedule().count();
    }

    /// When the next send is due; only while sends remain.
    public long nextDueNanos() {
        return meter.schedule().dueNanos(done);
    }

    public boolean settled() {
        return unanswered.sum() == 0 && meter.settled();
    }

    public StepResult result(MachineUse machine) {
        return meter.result(
                machine, checker.violationsSeen() - violationsBefore, notices.lostSockets() - lostSocketsBefore);
    }

    public long unanswered() {
        return unanswered.sum();
    }

    public String progress() {
        Schedule schedule = meter.schedule();
        return "at " + Math.round(schedule.perSecond()) + "/s: sent " + done + " of " + schedule.count()
                + ", unanswered " + unanswered.sum();
    }

    public void acked(SentMessage sent, long nowNanos) {
        unanswered.decrement();
        meter.acked(sent.tag(), nowNanos, sent.firstWrittenNanos());
    }

    public void delivered(String messageId, long nowNanos) {
        long index = ids.indexOf(messageId);
        if (index >= 0) {
            meter.delivered(index, nowNanos);
        }
    }

    /// The number of a message of this lane; below 0 for any other.
    public long indexOf(String messageId) {
        return ids.indexOf(messageId);
    }

    public void refused(SentMessage sent, String code) {
        unanswered.decrement();
        meter.refused(sent.tag(), code);
    }

    public Checker checker() {
        return checker;
    }

    public Notices notices() {
        return notices;
    }
}

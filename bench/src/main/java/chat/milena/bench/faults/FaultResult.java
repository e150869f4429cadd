package chat.milena.bench.faults;

import chat.milena.bench.check.CheckReport;
import chat.milena.bench.replay.ReplayResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The outcome of one fault.
///
/// @param replay the load, and all counts of the checker
/// @param ended members that ended by themselves and were started again, with what they printed last
/// @param takeoverSeconds the longest wait for an ack of a message that was due within a second after the fault
/// @param longestAwaySeconds the longest time from when a client lost its connection until it had another one, or
///     until the end
/// @param secondsWithoutAcks the longest time without any ack
/// @param longestAckSeconds the longest wait of a message for its ack, from when it was due
/// @param secondsWithoutReads the longest time without a successful read of a conversation
/// @param failedReads of ten a second
/// @param staleReads pages that lacked a message that was acked before
/// @param p99BeforeMs of acks of messages that were due before the fault; below zero if there were none
/// @param p99DuringMs of those that were due from the fault until the member was back
/// @param p99AfterMs of those that were due later
public record FaultResult(
        String fault,
        ReplayResult replay,
        Map<String, String> ended,
        double takeoverSeconds,
        double longestAwaySeconds,
        double secondsWithoutAcks,
        double longestAckSeconds,
        double secondsWithoutReads,
        long failedReads,
        long staleReads,
        double p99BeforeMs,
        double p99DuringMs,
        double p99AfterMs) {
    public FaultResult {
        ended = Map.copyOf(ended);
    }

    /// Acked messages that were not there afterwards, or not for everybody.
    long lost() {
        return check().lost() + (replay.lines() - replay.acked());
    }

    long doubled() {
        return check().duplicated() + check().wrongNumbers() + replay.wrongResends();
    }

    long gaps() {
        return check().gaps();
    }

    long reordered() {
        return check().outOfOrder() + check().acksAhead() + check().senderOrder() + check().wrongTimes();
    }

    /// Messages that read other than the frames made them, or not at all.
    long unfolded() {
        ReplayResult.MutationCount mutations = replay.mutations();
        return mutations == null
                ? replay.lines()
                : mutations.folds().different() + mutations.folds().broken();
    }

    /// Connections that resumed, of all that were lost and came back.
    String resumed() {
        return check().resumed() + " of " + check().reconnects();
    }

    /// Whether the contract was kept, everything was acked and compared, and every client that came back missed
    /// nothing.
    public boolean clean() {
        return replay.clean()
                && unfolded() == 0
                && staleReads == 0
                && check().outside() == 0
                && check().missedAway() == 0;
    }

    /// What is wrong or strange, in words.
    List<String> faults() {
        List<String> faults = new ArrayList<>(check().examples());
        ended.forEach((member, how) -> faults.add(member + " ended by itself with " + how));
        if (p99AfterMs < 0) {
            faults.add("the load had ended before everything was back");
        }
        if (replay.stopped() != null) {
            faults.add("stopped: " + replay.stopped());
        }
        if (replay.mutations() != null) {
            faults.addAll(replay.mutations().folds().examples());
        }
        if (check().missedAway() > 0) {
            faults.add("numbers that passed while clients were away, and did not come: " + check().missedAway());
        }
        replay.refused().forEach((code, count) -> faults.add("refused: " + code + " (" + count + " times)"));
        return faults;
    }

    private CheckReport check() {
        return replay.check();
    }
}

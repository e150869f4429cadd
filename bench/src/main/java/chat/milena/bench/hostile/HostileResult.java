package chat.milena.bench.hostile;

import chat.milena.bench.check.CheckReport;
import chat.milena.bench.load.StepResult;
import chat.milena.bench.report.ServerVitals;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The outcome of floods beside pairs.
///
/// @param alone pairs before all floods
/// @param rounds in the order they ran, without the floods that a dead server did not receive
/// @param after pairs after all floods; null when the server died
/// @param check over all frames that the pairs received
/// @param pending sends of the pairs that had neither ack nor refusal in the end
/// @param before the server's process before the floods; null if none was named
/// @param recovered the same when it was back to normal, or when the wait for that ended
/// @param recoverySeconds the length of that wait
/// @param dataGrownBytes growth of the data folder; -1 if it was not watched
/// @param faults why the server did not pass; empty if it did
public record HostileResult(
        StepResult alone,
        List<Round> rounds,
        @Nullable StepResult after,
        CheckReport check,
        long pending,
        Map<String, Long> notices,
        @Nullable ServerVitals before,
        @Nullable ServerVitals recovered,
        double recoverySeconds,
        long dataGrownBytes,
        List<String> faults) {

    public HostileResult {
        rounds = List.copyOf(rounds);
        notices = Map.copyOf(notices);
        faults = List.copyOf(faults);
    }

    /// The floods that ran together, and their effect on the others.
    ///
    /// @param serverLives whether the server answered at the end
    public record Round(
            String name,
            List<Attack> floods,
            StepResult pairs,
            Seen bystander,
            long dataGrownBytes,
            boolean serverLives) {
        public Round {
            floods = List.copyOf(floods);
        }

        /// The part of all sends that were refused or not delivered in time.
        double failedPart() {
            return pairs.sent() == 0 ? 1 : Math.max(0, pairs.sent() - pairs.delivered()) / (double) pairs.sent();
        }
    }

    /// The actions of one flood, and the answers to them.
    ///
    /// @param opened connections that the server accepted
    /// @param openMost the most of them at one moment
    /// @param writes requests, frames and pieces that were written to their end
    /// @param held connections that were still open when the flood ended
    /// @param met answers and ends of connections, with their counts
    public record Attack(
            String name,
            long opened,
            int openMost,
            long writes,
            long bytesWritten,
            long bytesRead,
            long held,
            Map<String, Long> met) {
        public Attack {
            met = Collections.unmodifiableMap(new TreeMap<>(met));
        }
    }

    /// The observations of a bystander.
    ///
    /// @param tries how often they tried to connect
    /// @param letIn how often they were admitted, within three seconds
    /// @param slowestMs the longest attempt
    /// @param residentMost maximum memory of the server's process; 0 if none was named
    /// @param handlesMost maximum of its file handles
    public record Seen(int tries, int letIn, double slowestMs, long residentMost, long handlesMost) {}

    public boolean held() {
        return faults.isEmpty();
    }
}

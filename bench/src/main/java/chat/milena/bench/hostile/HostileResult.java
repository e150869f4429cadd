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
/// @param rounds in the order they ran; floods that a dead server did not meet are missing
/// @param after pairs after all floods; null when the server died
/// @param check over everything that the pairs saw
/// @param pending sends of the pairs that had neither ack nor refusal in the end
/// @param before the server's process before the floods; null where none was named
/// @param recovered the same when it had come back, or when the wait for that ended
/// @param recoverySeconds how long that took
/// @param dataGrownBytes of the data folder; -1 where it was not looked at
/// @param faults why the server did not hold; empty if it did
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

    /// What ran at a time, and what others saw of it.
    ///
    /// @param serverLives whether the server answered when it was over
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

        /// Of all sends, those that were refused or not delivered in time.
        double failedPart() {
            return pairs.sent() == 0 ? 1 : Math.max(0, pairs.sent() - pairs.delivered()) / (double) pairs.sent();
        }
    }

    /// What one flood did, and what it met.
    ///
    /// @param opened connections that the server took
    /// @param openMost of them at one moment
    /// @param writes requests, frames and pieces that were written to their end
    /// @param held connections that were still open when the flood ended
    /// @param met answers and ends, with how often
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

    /// What somebody saw who meant no harm.
    ///
    /// @param tries how often they tried to get in
    /// @param letIn how often they got in, within three seconds
    /// @param slowestMs the longest try
    /// @param residentMost memory of the server's process; 0 where none was named
    /// @param handlesMost file handles of it
    public record Seen(int tries, int letIn, double slowestMs, long residentMost, long handlesMost) {}

    public boolean held() {
        return faults.isEmpty();
    }
}

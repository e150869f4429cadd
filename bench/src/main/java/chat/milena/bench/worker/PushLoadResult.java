package chat.milena.bench.worker;

import chat.milena.bench.check.CheckReport;
import chat.milena.bench.load.StepResult;
import chat.milena.bench.report.Latencies;
import chat.milena.bench.report.ServerMemory;
import java.util.List;
import java.util.Map;

/// A load with push, in one run: without registrations, with them, while the push service stalls, after that, and
/// without registrations again.
///
/// @param wronglyPushed pushes to users who were connected
/// @param forgotten users who are away and were not notified of something in the end
/// @param check over all of it
/// @param pending sends that had neither ack nor refusal when the run ended
public record PushLoadResult(
        Phases phases,
        CatchUp catchUp,
        long wronglyPushed,
        long forgotten,
        List<MemoryAt> memory,
        CheckReport check,
        long pending,
        Map<String, Long> notices) {

    public PushLoadResult {
        memory = List.copyOf(memory);
        notices = Map.copyOf(notices);
    }

    /// A part of the run.
    ///
    /// @param present messages to users who are connected
    /// @param away messages to users who are not, whose acks alone are measured
    /// @param accepted pushes that the service accepted, a second
    /// @param age of the oldest message of each push when it came to the service
    public record Phase(StepResult present, StepResult away, double accepted, Latencies.Summary age) {}

    /// All parts.
    public record Phases(Phase without, Phase pushing, Phase stalled, Phase after, Phase withoutAgain) {
        /// The delivery p99 of a part against the mean of both without registrations; NaN if not measured.
        public double p99Ratio(Phase phase) {
            double alone = (without.present().delivery().p99Ms()
                            + withoutAgain.present().delivery().p99Ms())
                    / 2;
            return alone > 0 ? phase.present().delivery().p99Ms() / alone : Double.NaN;
        }

        /// The p99 without registrations at the end against the beginning; if it is far from 1, the machine itself
        /// changed and the ratios say little.
        public double p99Drift() {
            return without.present().delivery().p99Ms() > 0
                    ? withoutAgain.present().delivery().p99Ms()
                            / without.present().delivery().p99Ms()
                    : Double.NaN;
        }
    }

    /// What became of the messages from before the end of the stall.
    ///
    /// @param attempts pushes that came during the stall, and were not answered
    /// @param seconds until all of them were pushed; NaN if some were not
    /// @param age of the oldest message of each push
    public record CatchUp(long attempts, double seconds, Latencies.Summary age) {}

    /// The memory of the server at the end of a part.
    public record MemoryAt(String part, ServerMemory memory) {}

    /// Whether the delivery contract was kept, every send was answered, and everybody who was away, and nobody else,
    /// was notified.
    public boolean clean() {
        return check.violations() == 0 && pending == 0 && wronglyPushed == 0 && forgotten == 0;
    }
}

package chat.milena.bench.scenario;

import chat.milena.bench.check.CheckReport;
import chat.milena.bench.load.StepResult;
import chat.milena.bench.report.Table;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// The effect of a member who does not read on the other members of a busy group, in one run.
///
/// @param without the others, each time the slow member was not connected
/// @param with the others, each time it was, after the one without at the same place
/// @param slow the outcome for the slow member each time
/// @param check over the others
/// @param pending sends that had neither ack nor refusal when the run ended
public record SlowResult(
        int size,
        List<StepResult> without,
        List<StepResult> with,
        List<Outcome> slow,
        CheckReport check,
        long pending,
        Map<String, Long> notices) {

    public SlowResult {
        without = List.copyOf(without);
        with = List.copyOf(with);
        slow = List.copyOf(slow);
        notices = Map.copyOf(notices);
    }

    /// The outcome for a member who read nothing for a while.
    ///
    /// @param received messages that arrived once it read again
    /// @param missing numbers left out among those
    /// @param resyncs frames that announced missing numbers
    /// @param wrong numbers missing without a `resync`, or that arrived twice or late
    /// @param ended how its socket ended, or that it did not
    public record Outcome(long received, long missing, long resyncs, long wrong, String ended) {
        @Override
        public String toString() {
            return "got " + Table.count(received) + " messages, " + Table.count(missing) + " left out, resync frames "
                    + Table.count(resyncs) + ", missing or doubled without one " + Table.count(wrong) + "; " + ended;
        }
    }

    /// The mean of the delivery medians with the slow member, against that without; NaN if not measured.
    public double medianRatio() {
        return ratio(step -> step.delivery().p50Ms());
    }

    /// The same ratio for the p99.
    public double p99Ratio() {
        return ratio(step -> step.delivery().p99Ms());
    }

    private double ratio(ToDoubleFunction<StepResult> figure) {
        double base = without.stream().mapToDouble(figure).average().orElse(0);
        return base > 0 ? with.stream().mapToDouble(figure).average().orElse(0) / base : Double.NaN;
    }

    /// Whether the delivery contract was kept, to the slow member too, and every send was answered.
    public boolean clean() {
        return check.violations() == 0 && pending == 0 && slow.stream().allMatch(outcome -> outcome.wrong() == 0);
    }
}

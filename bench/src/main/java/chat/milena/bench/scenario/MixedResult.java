package chat.milena.bench.scenario;

import chat.milena.bench.check.CheckReport;
import chat.milena.bench.load.StepResult;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The effect of another load on pairs, in one run: without it, with it, and without it again.
///
/// @param before pairs alone
/// @param during pairs beside the other load
/// @param after pairs alone again
/// @param group the other load, if it was groups
/// @param flood the other load, if it was another tenant's flood
/// @param check over pairs and groups
/// @param pending sends of pairs and groups that had neither ack nor refusal when the run ended
public record MixedResult(
        StepResult before,
        StepResult during,
        StepResult after,
        @Nullable StepResult group,
        @Nullable FloodResult flood,
        CheckReport check,
        long pending,
        Map<String, Long> notices) {

    public MixedResult {
        notices = Map.copyOf(notices);
    }

    /// The pairs' delivery p99 beside the other load, against the mean of both times alone; NaN if not measured.
    public double p99Ratio() {
        double alone = (before.delivery().p99Ms() + after.delivery().p99Ms()) / 2;
        return alone > 0 ? during.delivery().p99Ms() / alone : Double.NaN;
    }

    /// The pairs' delivery p99 alone after against before; if it is far from 1, the machine itself changed and the
    /// ratio says little.
    public double p99Drift() {
        return before.delivery().p99Ms() > 0
                ? after.delivery().p99Ms() / before.delivery().p99Ms()
                : Double.NaN;
    }

    /// Whether the delivery contract was kept and every send was answered.
    public boolean clean() {
        return check.violations() == 0
                && pending == 0
                && (flood == null || (flood.check().violations() == 0 && flood.pending() == 0));
    }
}

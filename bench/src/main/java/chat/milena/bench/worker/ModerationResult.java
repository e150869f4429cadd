package chat.milena.bench.worker;

import chat.milena.bench.check.CheckReport;
import chat.milena.bench.load.StepResult;
import chat.milena.bench.report.Latencies;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Messages with planted spam at one rate.
///
/// @param classified null without a classifier
/// @param pending sends without an answer at the end
record ModerationResult(
        StepResult step,
        RemovalMeter.Found found,
        @Nullable Classified classified,
        CheckReport check,
        long pending,
        Map<String, Long> notices) {

    ModerationResult {
        notices = Map.copyOf(notices);
    }

    /// What a classifier was asked and has flagged.
    ///
    /// @param question from the time of a message until its question came
    record Classified(FlagQueue.Flags flags, Latencies.Summary question) {}

    /// Whether the delivery contract was kept and every send was answered.
    boolean clean() {
        return check.violations() == 0 && pending == 0;
    }
}

package chat.milena.bench.worker;

import chat.milena.bench.check.CheckReport;
import chat.milena.bench.load.StepResult;
import java.util.Map;

/// Messages with planted spam at one rate.
///
/// @param pending sends without an answer at the end
record ModerationResult(
        StepResult step, RemovalMeter.Found found, CheckReport check, long pending, Map<String, Long> notices) {

    ModerationResult {
        notices = Map.copyOf(notices);
    }

    /// Whether the delivery contract was kept and every send was answered.
    boolean clean() {
        return check.violations() == 0 && pending == 0;
    }
}

package chat.milena.bench.load;

import chat.milena.bench.check.CheckReport;
import java.util.List;
import java.util.Map;

/// The outcome of a load at one or more rates: one entry for each rate, and one check over all of it, warm-up
/// included.
///
/// @param membersEach members of each conversation
/// @param pending sends that had neither ack nor refusal when the run ended
/// @param heldRate the highest rate of a step that held the bound and lost nothing; 0 if none
/// @param notices lost connections, unexpected errors and the like, with their counts
public record LoadResult(
        int users,
        int conversations,
        int membersEach,
        int payloadBytes,
        List<StepResult> steps,
        CheckReport check,
        long pending,
        double heldRate,
        Map<String, Long> notices) {

    public LoadResult {
        steps = List.copyOf(steps);
        notices = Map.copyOf(notices);
    }

    /// Whether the delivery contract was kept and every send was answered.
    public boolean clean() {
        return check.violations() == 0 && pending == 0;
    }
}

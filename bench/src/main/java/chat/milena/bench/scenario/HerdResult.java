package chat.milena.bench.scenario;

import chat.milena.bench.check.CheckReport;
import chat.milena.bench.load.StepResult;
import java.util.Map;

/// How a herd came back, and what that did to those who talked beside it, in one run.
///
/// @param clients who were thrown off
/// @param before the undisturbed pairs, while the herd was there
/// @param meanwhile the same from the loss of the sockets until all were back
/// @param after the same again
/// @param written what was written to some of the herd during that time, from its due time to its delivery, time away
/// included
/// @param check over everybody
/// @param pending sends that had neither ack nor refusal when the run ended
public record HerdResult(
        int clients,
        Return comeback,
        StepResult before,
        StepResult meanwhile,
        StepResult after,
        StepResult written,
        CheckReport check,
        long pending,
        Map<String, Long> notices) {

    public HerdResult {
        notices = Map.copyOf(notices);
    }

    /// The coming back.
    ///
    /// @param back who was back in time
    /// @param resumed of those, for whom the server promised that nothing is missing
    /// @param missedMessages that came first as what was missed
    /// @param halfSeconds from the throw until half of all were back; NaN if they never were, as with the next two
    /// @param nearlyAllSeconds the same for 99 of 100
    /// @param allSeconds the same for all
    /// @param refused attempts that failed, by reason
    public record Return(
            int back,
            long resumed,
            long missedMessages,
            double halfSeconds,
            double nearlyAllSeconds,
            double allSeconds,
            Map<String, Long> refused) {
        public Return {
            refused = Map.copyOf(refused);
        }
    }

    /// Whether all came back, the delivery contract was kept and every send was answered.
    public boolean clean() {
        return comeback.back() == clients && check.violations() == 0 && pending == 0;
    }
}

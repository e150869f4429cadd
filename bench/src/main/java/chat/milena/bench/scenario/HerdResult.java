package chat.milena.bench.scenario;

import chat.milena.bench.check.CheckReport;
import chat.milena.bench.load.StepResult;
import java.util.Map;

/// The return of a herd, and its effect on the users beside it, in one run.
///
/// @param clients the number of disconnected clients
/// @param before the undisturbed pairs, while the herd was connected
/// @param meanwhile the same from the loss of the sockets until all were back
/// @param after the same again
/// @param written the messages to some of the herd during that time, from due time to delivery, including the time
///     away
/// @param check over all users
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

    /// The return of the herd.
    ///
    /// @param back clients that were back in time
    /// @param resumed of those, the ones for which the server promised that nothing is missing
    /// @param missedMessages messages that arrived first as missed ones
    /// @param halfSeconds from the cut until half of all were back; NaN if they never were, as with the next two
    /// @param nearlyAllSeconds the same for 99 of 100
    /// @param allSeconds the same for all
    /// @param refused failed attempts, by reason
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

    /// Whether all clients reconnected, the delivery contract was kept and every send was answered.
    public boolean clean() {
        return comeback.back() == clients && check.violations() == 0 && pending == 0;
    }
}

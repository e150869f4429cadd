package chat.milena.bench.load;

import chat.milena.bench.check.CheckReport;
import chat.milena.bench.report.Latencies;
import chat.milena.bench.report.MachineUse;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The outcome of a pairs load: one entry for each rate, and one check over everything, warm-up included.
///
/// @param pending sends that had neither ack nor refusal when the run ended
/// @param heldRate the highest rate of a step that held the bound and lost nothing; 0 if none
/// @param notices lost connections, unexpected errors and the like, with how often
public record PairsResult(
        int users,
        int payloadBytes,
        List<Step> steps,
        CheckReport check,
        long pending,
        double heldRate,
        Map<String, Long> notices) {

    public PairsResult {
        steps = List.copyOf(steps);
        notices = Map.copyOf(notices);
    }

    /// Whether the delivery contract was kept and every send was answered.
    public boolean clean() {
        return check.violations() == 0 && pending == 0;
    }

    /// One rate, over its measured time.
    ///
    /// @param rate asked for, messages a second
    /// @param achievedRate acks that came within the measured time, whatever send they answer, a second
    /// @param delivery from the due time to the other user's `message.new`
    /// @param ack from the due time to the sender's ack
    /// @param behind how late the harness itself was in writing what was due
    /// @param refused by error code
    /// @param undelivered acked, but not delivered when the wait for the tail ended
    public record Step(
            double rate,
            double achievedRate,
            double seconds,
            long sent,
            long acked,
            long delivered,
            long undelivered,
            Map<String, Long> refused,
            Latencies.Summary delivery,
            Latencies.Summary ack,
            Latencies.Summary behind,
            MachineUse machine) {

        public Step {
            refused = Map.copyOf(refused);
        }

        public boolean holds(Duration p99) {
            double boundMs = p99.toNanos() / 1e6;
            return refused.isEmpty() && undelivered == 0 && delivered == sent && delivery.p99Ms() <= boundMs;
        }
    }
}

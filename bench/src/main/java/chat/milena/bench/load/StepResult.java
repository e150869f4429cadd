package chat.milena.bench.load;

import chat.milena.bench.report.Latencies;
import chat.milena.bench.report.MachineUse;
import java.time.Duration;
import java.util.Map;

/// One rate of one lane, over its measured time.
///
/// @param rate the rate of the plan, messages a second
/// @param achievedRate acks that arrived within the measured time, to any send, a second
/// @param deliveryRate deliveries that arrived within the measured time, each at each connection, a second
/// @param delivered deliveries of the measured sends, each at each connection
/// @param undelivered deliveries of acked sends that had not arrived when the wait for the tail ended
/// @param refused by error code
/// @param violations of the contract during the step, at any connection
/// @param lostSockets of the load's connections during the step
/// @param delivery from the due time to each other member's `message.new`
/// @param ack from the due time to the sender's ack
/// @param behind the harness's own delay in writing a due send
public record StepResult(
        double rate,
        double achievedRate,
        double deliveryRate,
        double seconds,
        long sent,
        long acked,
        long delivered,
        long undelivered,
        Map<String, Long> refused,
        long violations,
        long lostSockets,
        Latencies.Summary delivery,
        Latencies.Summary ack,
        Latencies.Summary behind,
        MachineUse machine) {

    public StepResult {
        refused = Map.copyOf(refused);
    }

    /// Whether all sends were accepted and delivered within the bound, without a violation or a lost socket. After
    /// those, a delivery that arrived twice could hide one that never arrived.
    public boolean holds(Duration p99) {
        double boundMs = p99.toNanos() / 1e6;
        return refused.isEmpty()
                && undelivered == 0
                && acked == sent
                && violations == 0
                && lostSockets == 0
                && delivery.p99Ms() <= boundMs;
    }
}

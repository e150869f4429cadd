package chat.milena.bench.reads;

import chat.milena.bench.report.Latencies;
import chat.milena.bench.report.MachineUse;
import java.time.Duration;
import java.util.Map;

/// Pages of one position over a measured time: of a closed loop of readers, or at one rate.
///
/// @param rate requests a second; 0 for a closed loop
/// @param perSecond pages that arrived within the measured time, a second
/// @param pages measured pages, correct or wrong
/// @param wrong pages that broke a rule
/// @param refused reads without a page, by status or reason
/// @param latency from the request, or from the due time at a rate, to the whole page
/// @param behind the harness's own delay in sending a due request
public record ReadStep(
        double rate,
        double perSecond,
        double seconds,
        long pages,
        long wrong,
        Map<String, Long> refused,
        Latencies.Summary latency,
        Latencies.Summary behind,
        MachineUse machine) {

    public ReadStep {
        refused = Map.copyOf(refused);
    }

    /// Whether every read returned a correct page, within the bound.
    public boolean holds(Duration p99) {
        return pages > 0 && clean() && latency.p99Ms() <= p99.toNanos() / 1e6;
    }

    boolean clean() {
        return wrong == 0 && refused.isEmpty();
    }
}

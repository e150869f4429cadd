package chat.milena.bench.reads;

import chat.milena.bench.answer.ReadCounts;
import chat.milena.bench.report.Latencies;
import chat.milena.bench.report.MachineUse;
import java.util.List;
import java.util.Map;

/// The outcome of returning.
///
/// @param returned times that everything missed was there
/// @param misses acked messages that were not there, or not under their number
/// @param wrong answers that broke a rule, and returns that were not answered
/// @param requests syncs of all returns
/// @param complete from the first request to having everything, connecting included
/// @param first from the first request to its answer
/// @param examples the first violations, in words
public record ReturnResult(
        int missed,
        int times,
        int returned,
        long misses,
        long wrong,
        long requests,
        Latencies.Summary complete,
        Latencies.Summary first,
        ReadCounts counts,
        MachineUse machine,
        List<String> examples,
        Map<String, Long> notices) {

    public ReturnResult {
        examples = List.copyOf(examples);
        notices = Map.copyOf(notices);
    }

    public boolean clean() {
        return returned == times && misses + wrong == 0;
    }
}

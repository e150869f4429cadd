package chat.milena.bench.reads;

import chat.milena.bench.answer.ReadCounts;
import chat.milena.bench.report.Latencies;
import chat.milena.bench.report.MachineUse;
import java.util.List;
import java.util.Map;

/// The outcome of returning.
///
/// @param returned the number of complete returns
/// @param misses acked messages that were missing, or not under their number
/// @param wrong answers that broke a rule, and returns without an answer
/// @param requests syncs of all returns
/// @param complete from the first request to all missed messages, connecting included
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

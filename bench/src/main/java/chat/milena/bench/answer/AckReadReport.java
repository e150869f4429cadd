package chat.milena.bench.answer;

import chat.milena.bench.report.Latencies;
import java.util.List;

/// The results of the reads after every ack.
///
/// @param acks acks with reads after them, each by a sync and a page of history
/// @param misses reads without the acked message under its acked number
/// @param wrong reads that contained it and broke another rule, such as by a gap
/// @param expired reads that reported the number as removed by retention
/// @param failed reads without an answer within the patience, or with another status
/// @param unread acks whose reads had not ended when the run did
/// @param sync from the request to the answer, including the refusals between them
/// @param history likewise
/// @param examples the first violations, in words
public record AckReadReport(
        long acks,
        long misses,
        long wrong,
        long expired,
        long failed,
        long unread,
        ReadCounts counts,
        Latencies.Summary sync,
        Latencies.Summary history,
        List<String> examples) {

    public AckReadReport {
        examples = List.copyOf(examples);
    }

    public boolean clean() {
        return misses + wrong + failed + unread == 0;
    }
}

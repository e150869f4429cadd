package chat.milena.bench.answer;

import chat.milena.bench.report.Latencies;
import java.util.List;

/// What reading after every ack found.
///
/// @param acks that were read after, each by a sync and a page of history
/// @param misses reads without the acked message under its acked number
/// @param wrong reads that held it and broke another rule, as by a gap
/// @param expired reads that said that retention took it
/// @param failed reads that were not answered within the patience, or with another status
/// @param unread acks whose reads had not ended when the run did
/// @param sync from asking to the answer, refusals between them included
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

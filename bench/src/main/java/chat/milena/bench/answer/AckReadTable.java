package chat.milena.bench.answer;

import chat.milena.bench.report.Latencies;
import chat.milena.bench.report.Table;

/// Formats the results of the reads after every ack as text.
public final class AckReadTable {
    private AckReadTable() {}

    public static String of(AckReadReport report) {
        StringBuilder text = new StringBuilder(new Table()
                .row("read after ack", "acks", "misses", "wrong", "expired", "failed", "unread")
                .row(
                        "",
                        Table.count(report.acks()),
                        Table.count(report.misses()),
                        Table.count(report.wrong()),
                        Table.count(report.expired()),
                        Table.count(report.failed()),
                        Table.count(report.unread()))
                .toString());
        text.append(of(report.counts()));
        text.append(new Table()
                .row(Latencies.Summary.header("reads, refusals included"))
                .row(report.sync().row("sync"))
                .row(report.history().row("history")));
        report.examples().forEach(example -> text.append("  ").append(example).append('\n'));
        return text.toString();
    }

    public static String of(ReadCounts counts) {
        return "reads " + Table.count(counts.done()) + ", refused " + Table.count(counts.refused())
                + " times, unanswered by an instance " + Table.count(counts.gone())
                + " times; longest refusal " + Table.decimal(counts.longestRefusalMs(), 0)
                + " ms, some read refused for " + Table.decimal(counts.refusedMs(), 0) + " ms in all\n";
    }
}

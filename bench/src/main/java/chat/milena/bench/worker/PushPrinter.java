package chat.milena.bench.worker;

import chat.milena.bench.report.CheckTable;
import chat.milena.bench.report.Latencies;
import chat.milena.bench.report.Table;
import chat.milena.bench.worker.PushLoadResult.Phase;
import chat.milena.bench.worker.PushLoadResult.Phases;
import java.io.PrintStream;

/// Prints the outcome of a load with push as text.
final class PushPrinter {
    private static final double MIB = 1 << 20;

    private final PrintStream out;

    PushPrinter(PrintStream out) {
        this.out = out;
    }

    void print(PushLoadResult result) {
        Phases phases = result.phases();
        out.println();
        out.print(new Table()
                .row(Latencies.Summary.header("messages to connected users at "
                        + Table.decimal(phases.without().present().rate(), 0) + "/s, delivery"))
                .row(phases.without().present().delivery().row("  without registrations, before"))
                .row(phases.pushing().present().delivery().row("  while pushing"))
                .row(phases.stalled().present().delivery().row("  while the push service stalls"))
                .row(phases.after().present().delivery().row("  after the stall"))
                .row(phases.withoutAgain().present().delivery().row("  without registrations, after"))
                .row(phases.pushing().present().behind().row("  own write while pushing (bench late)")));
        out.println("p99 against the mean without registrations: while pushing " + ratio(phases, phases.pushing())
                + ", while it stalls " + ratio(phases, phases.stalled()) + ", after " + ratio(phases, phases.after())
                + " times; without after against before " + Table.decimal(phases.p99Drift(), 2) + " times");
        out.println();
        out.print(new Table()
                .row(Latencies.Summary.header("messages to users who are away at "
                        + Table.decimal(phases.without().away().rate(), 0) + "/s, ack"))
                .row(phases.without().away().ack().row("  without registrations, before"))
                .row(phases.pushing().away().ack().row("  while pushing"))
                .row(phases.stalled().away().ack().row("  while the push service stalls"))
                .row(phases.after().away().ack().row("  after the stall"))
                .row(phases.withoutAgain().away().ack().row("  without registrations, after")));
        out.println();
        out.print(new Table()
                .row(Latencies.Summary.header("age of the oldest message of a push, at the push service"))
                .row(phases.pushing().age().row("  while pushing"))
                .row(result.catchUp().age().row("  of the stall, when they came"))
                .row(phases.after().age().row("  after the stall, of later messages")));
        out.println("pushes accepted: " + rate(phases.pushing()) + " while pushing, " + rate(phases.stalled())
                + " while it stalls (" + Table.count(result.catchUp().attempts()) + " attempts), "
                + rate(phases.after()) + " after; all of the stall came "
                + seconds(result.catchUp().seconds()));
        out.println("pushed although connected: " + Table.count(result.wronglyPushed()) + "; not notified in the end: "
                + Table.count(result.forgotten()));
        out.println();
        out.println("without: " + phases.without().present().machine());
        out.println("while pushing: " + phases.pushing().present().machine());
        out.println("while it stalls: " + phases.stalled().present().machine());
        out.println("after: " + phases.after().present().machine());
        result.memory()
                .forEach(at -> out.println("memory " + at.part() + ": resident "
                        + Table.decimal(at.memory().residentBytes() / MIB, 0) + " MiB, heap after a collection "
                        + Table.decimal(at.memory().heapBytes() / MIB, 0) + " MiB"));
        out.println();
        out.print(CheckTable.of(result.check()));
        out.println("unanswered at the end: " + Table.count(result.pending()));
        result.notices().forEach((notice, count) -> out.println("notice: " + notice + " (" + count + " times)"));
    }

    private static String ratio(Phases phases, Phase phase) {
        return Table.decimal(phases.p99Ratio(phase), 2);
    }

    private static String rate(Phase phase) {
        return Table.decimal(phase.accepted(), 1) + "/s";
    }

    private static String seconds(double seconds) {
        return Double.isNaN(seconds) ? "never" : "within " + Table.decimal(seconds, 1) + " s of its end";
    }
}

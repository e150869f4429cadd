package chat.milena.bench.scenario;

import chat.milena.bench.check.CheckReport;
import chat.milena.bench.load.LoadResult;
import chat.milena.bench.load.StepResult;
import chat.milena.bench.report.CheckTable;
import chat.milena.bench.report.JsonFile;
import chat.milena.bench.report.Latencies;
import chat.milena.bench.report.Table;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;

/// Prints the outcome of loads as text, and as JSON if requested.
final class LoadPrinter {
    private final PrintStream out;

    LoadPrinter(PrintStream out) {
        this.out = out;
    }

    /// Returns the exit code.
    int print(LoadResult result, Duration bound, JsonFile json) {
        out.println(Table.count(result.users()) + " users, " + Table.count(result.conversations())
                + " conversations of " + Table.count(result.membersEach()));
        result.steps().forEach(step -> print(Table.decimal(step.rate(), 0) + "/s", step));
        printCheck(result.check(), result.pending(), result.notices());
        if (result.steps().size() > 1) {
            out.println("highest rate with delivery p99 within " + bound.toMillis()
                    + " ms and nothing refused or lost: " + Table.decimal(result.heldRate(), 0) + "/s");
        }
        return finish(result, result.clean(), json);
    }

    int print(MixedResult result, JsonFile json) {
        out.println();
        out.print(new Table()
                .row(Latencies.Summary.header(
                        "pairs at " + Table.decimal(result.before().rate(), 0) + "/s, delivery"))
                .row(result.before().delivery().row("  alone, before"))
                .row(result.during().delivery().row("  beside the other load"))
                .row(result.after().delivery().row("  alone, after"))
                .row(result.during().ack().row("  ack beside the other load"))
                .row(result.during().behind().row("  own write beside it (bench late)")));
        out.println("p99 beside it, against the mean of both alone: " + Table.decimal(result.p99Ratio(), 2)
                + " times; alone after against before: " + Table.decimal(result.p99Drift(), 2) + " times");
        out.println("alone: " + result.before().machine());
        out.println("beside it: " + result.during().machine());
        if (result.group() != null) {
            print("the other load at " + Table.decimal(result.group().rate(), 0) + "/s", result.group());
        }
        if (result.flood() != null) {
            out.println("the flood: " + result.flood());
        }
        printCheck(result.check(), result.pending(), result.notices());
        return finish(result, result.clean(), json);
    }

    int print(HerdResult result, JsonFile json) {
        HerdResult.Return back = result.comeback();
        out.println();
        out.println("back " + Table.count(back.back()) + " of " + Table.count(result.clients()) + ", resumed "
                + Table.count(back.resumed()) + "; half after " + seconds(back.halfSeconds()) + ", 99 % after "
                + seconds(back.nearlyAllSeconds()) + ", all after " + seconds(back.allSeconds()));
        back.refused().forEach((why, count) -> out.println("refused: " + why + " (" + count + " times)"));
        out.print(new Table()
                .row(Latencies.Summary.header(
                        "undisturbed at " + Table.decimal(result.before().rate(), 0) + "/s, delivery"))
                .row(result.before().delivery().row("  before"))
                .row(result.meanwhile().delivery().row("  until all were back"))
                .row(result.after().delivery().row("  after"))
                .row(result.meanwhile().ack().row("  ack until all were back"))
                .row(result.meanwhile().behind().row("  own write (bench late)")));
        out.println("written to the herd: sent "
                + Table.count(result.written().sent()) + ", delivered "
                + Table.count(result.written().delivered()) + ", undelivered "
                + Table.count(result.written().undelivered()) + "; of all that was written, "
                + Table.count(back.missedMessages()) + " came first as missed");
        out.println("before: " + result.before().machine());
        out.println("until all were back, "
                + Table.decimal(result.meanwhile().seconds(), 1) + " s: "
                + result.meanwhile().machine());
        out.println("after: " + result.after().machine());
        printCheck(result.check(), result.pending(), result.notices());
        return finish(result, result.clean(), json);
    }

    int print(SlowResult result, JsonFile json) {
        out.println();
        Table table = new Table()
                .row(Latencies.Summary.header("the other " + Table.count(result.size() - 1) + " at "
                        + Table.decimal(result.without().getFirst().rate(), 0) + "/s, delivery"));
        for (int i = 0; i < result.without().size(); i++) {
            table.row(result.without().get(i).delivery().row("  without the slow one"))
                    .row(result.with().get(i).delivery().row("  with it"));
        }
        out.print(table.row(result.with().getLast().behind().row("  own write with it (bench late)")));
        out.println("with it against without, means of both times: median "
                + Table.decimal(result.medianRatio(), 2) + " times, p99 " + Table.decimal(result.p99Ratio(), 2)
                + " times");
        result.slow().forEach(outcome -> out.println("the slow one: " + outcome));
        result.without().forEach(step -> out.println("without: " + step.machine()));
        result.with().forEach(step -> out.println("with it: " + step.machine()));
        printCheck(result.check(), result.pending(), result.notices());
        return finish(result, result.clean(), json);
    }

    private static String seconds(double seconds) {
        return Double.isNaN(seconds) ? "never" : Table.decimal(seconds, 2) + " s";
    }

    private void print(String title, StepResult step) {
        out.println();
        out.print(new Table()
                .row(Latencies.Summary.header(title + ", from due time to"))
                .row(step.delivery().row("  delivery"))
                .row(step.ack().row("  ack"))
                .row(step.behind().row("  own write (bench late)")));
        out.println("acked " + Table.decimal(step.achievedRate(), 1) + "/s, delivered "
                + Table.decimal(step.deliveryRate(), 0) + "/s over " + Table.decimal(step.seconds(), 0) + " s; sent "
                + Table.count(step.sent()) + ", acked " + Table.count(step.acked()) + ", delivered "
                + Table.count(step.delivered()) + ", undelivered " + Table.count(step.undelivered()) + ", refused "
                + (step.refused().isEmpty() ? "0" : step.refused().toString()));
        out.println(step.machine());
    }

    private void printCheck(CheckReport check, long pending, Map<String, Long> notices) {
        out.println();
        out.print(CheckTable.of(check));
        out.println("unanswered at the end: " + Table.count(pending));
        notices.forEach((notice, count) -> out.println("notice: " + notice + " (" + count + " times)"));
    }

    private static int finish(Object result, boolean clean, JsonFile json) {
        json.write(result);
        return clean ? 0 : 1;
    }
}

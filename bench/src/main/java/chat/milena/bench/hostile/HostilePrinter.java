package chat.milena.bench.hostile;

import chat.milena.bench.report.CheckTable;
import chat.milena.bench.report.ServerMemory;
import chat.milena.bench.report.ServerVitals;
import chat.milena.bench.report.Table;
import java.io.PrintStream;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Prints the outcome of floods as text.
final class HostilePrinter {
    private static final double MIB = 1 << 20;

    private final PrintStream out;

    HostilePrinter(PrintStream out) {
        this.out = out;
    }

    void print(HostileResult result, HostileLimits limits) {
        out.println();
        Table rounds = new Table()
                .row(
                        "beside",
                        "pairs p50 ms",
                        "p99 ms",
                        "ratio",
                        "failed %",
                        "new users in",
                        "slowest ms",
                        "resident MiB",
                        "handles",
                        "bench cores",
                        "data +MiB")
                .row(
                        "nothing",
                        Table.decimal(result.alone().delivery().p50Ms(), 1),
                        Table.decimal(result.alone().delivery().p99Ms(), 1));
        result.rounds().forEach(round -> rounds.row(row(round, result, limits)));
        if (result.after() != null) {
            rounds.row(
                    "nothing, after all",
                    Table.decimal(result.after().delivery().p50Ms(), 1),
                    Table.decimal(result.after().delivery().p99Ms(), 1),
                    Table.decimal(limits.ratio(result.after(), result.alone()), 2));
        }
        out.print(rounds);
        out.println();
        Table attacks = new Table()
                .row(
                        "flood",
                        "connected",
                        "most",
                        "left open",
                        "writes",
                        "MiB sent",
                        "MiB read",
                        "what the server did");
        result.rounds().forEach(round -> round.floods().forEach(attack -> attacks.row(row(attack))));
        out.print(attacks);
        out.println();
        out.print(CheckTable.of(result.check()));
        out.println("unanswered at the end: " + Table.count(result.pending()));
        result.notices().forEach((notice, count) -> out.println("notice: " + notice + " (" + count + " times)"));
        print(result.before(), "before");
        print(result.recovered(), "after " + Table.decimal(result.recoverySeconds(), 0) + " s of recovery");
        if (result.dataGrownBytes() >= 0) {
            out.println("the data folder grew by " + mib(result.dataGrownBytes()) + " MiB");
        }
        result.faults().forEach(fault -> out.println("fault: " + fault));
        out.println(result.held() ? "the server held" : "the server did not hold");
    }

    private static String[] row(HostileResult.Round round, HostileResult result, HostileLimits limits) {
        HostileResult.Seen seen = round.bystander();
        return new String[] {
            round.name() + (round.serverLives() ? "" : " (the server died)"),
            Table.decimal(round.pairs().delivery().p50Ms(), 1),
            Table.decimal(round.pairs().delivery().p99Ms(), 1),
            Table.decimal(limits.ratio(round.pairs(), result.alone()), 2),
            Table.decimal(100 * round.failedPart(), 1),
            seen.letIn() + "/" + seen.tries(),
            Table.decimal(seen.slowestMs(), 0),
            mib(seen.residentMost()),
            Table.count(seen.handlesMost()),
            Table.decimal(round.pairs().machine().ownCores(), 2),
            round.dataGrownBytes() < 0 ? "" : mib(round.dataGrownBytes())
        };
    }

    private static String[] row(HostileResult.Attack attack) {
        return new String[] {
            attack.name(),
            Table.count(attack.opened()),
            Table.count(attack.openMost()),
            Table.count(attack.held()),
            Table.count(attack.writes()),
            mib(attack.bytesWritten()),
            mib(attack.bytesRead()),
            "  " + text(attack.met())
        };
    }

    private static String text(Map<String, Long> met) {
        return met.isEmpty()
                ? "nothing"
                : met.entrySet().stream()
                        .map(entry -> entry.getKey() + " (" + Table.count(entry.getValue()) + ")")
                        .collect(Collectors.joining(", "));
    }

    private void print(@Nullable ServerVitals vitals, String when) {
        if (vitals != null) {
            ServerMemory memory = vitals.memory();
            out.println("the server " + when + ": " + mib(vitals.residentBytes()) + " MiB resident"
                    + (memory == null ? "" : ", heap after a collection " + mib(memory.heapBytes()) + " MiB")
                    + ", " + Table.count(vitals.handles()) + " file handles, " + Table.count(vitals.sockets())
                    + " of them sockets");
        }
    }

    private static String mib(long bytes) {
        return Table.decimal(bytes / MIB, 1);
    }
}

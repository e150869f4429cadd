package chat.milena.bench.faults;

import chat.milena.bench.client.UsageFailure;
import chat.milena.bench.report.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// The results of faults as a table, for the terminal and for `docs/failure-modes.md`.
final class FaultTable {
    private static final String BEGIN = "<!-- The table that `./milena bench faults --table` writes begins here. -->";
    private static final String END = "<!-- It ends here. -->";
    private static final String CELL = "| ";
    private static final String NEXT = " | ";
    private static final List<String> HEADER = List.of(
            "fault",
            "lost",
            "doubled",
            "gaps",
            "reordered",
            "unfolded",
            "resumed",
            "clients away s",
            "takeover s",
            "s without acks",
            "longest wait s",
            "s without reads",
            "failed reads",
            "stale reads",
            "p99 before ms",
            "during",
            "after");

    private FaultTable() {}

    /// Fails if the file has no place for a table.
    static void check(Path file) {
        try {
            String text = Files.readString(file);
            if (text.indexOf(BEGIN) < 0 || text.indexOf(END) < text.indexOf(BEGIN) || !Files.isWritable(file)) {
                throw new UsageFailure(file + " has no place for the table: the lines " + BEGIN + " and " + END);
            }
        } catch (IOException e) {
            throw new UsageFailure("cannot read " + file + ": " + e.getMessage());
        }
    }

    static String text(List<FaultResult> results) {
        Table table = new Table().row(HEADER.toArray(String[]::new));
        results.forEach(result -> table.row(row(result).toArray(String[]::new)));
        return table.toString();
    }

    /// Writes a row into the table between the two marks of a Markdown file. Rows of other faults stay, if they were
    /// measured in the same way.
    ///
    /// @param about a line above the table: how it was measured
    /// @param row begins with the fault
    static void write(Path file, String about, List<String> row) {
        check(file);
        try {
            String text = Files.readString(file);
            int begin = text.indexOf(BEGIN) + BEGIN.length();
            int end = text.indexOf(END);
            String before = text.substring(begin, end);
            SequencedMap<String, String> rows = new LinkedHashMap<>();
            if (before.startsWith("\n\n" + about + "\n")) {
                before.lines()
                        .filter(line -> line.startsWith(CELL))
                        .skip(2)
                        .forEach(line -> rows.put(fault(line), line));
            }
            rows.put(row.getFirst(), line(row));
            Files.writeString(file, text.substring(0, begin) + markdown(about, rows.values()) + text.substring(end));
        } catch (IOException e) {
            throw new UsageFailure("cannot write " + file + ": " + e.getMessage());
        }
    }

    private static String fault(String line) {
        return line.substring(CELL.length(), line.indexOf(NEXT));
    }

    private static String line(List<String> cells) {
        return CELL + String.join(NEXT, cells) + " |";
    }

    private static String markdown(String about, Collection<String> rows) {
        return "\n\n" + about + "\n\n" + line(HEADER) + "\n| ---" + " | ---:".repeat(HEADER.size() - 1) + " |\n"
                + String.join("\n", rows) + "\n\n";
    }

    static List<String> row(FaultResult result) {
        List<String> row = new ArrayList<>(List.of(
                result.fault(),
                Table.count(result.lost()),
                Table.count(result.doubled()),
                Table.count(result.gaps()),
                Table.count(result.reordered()),
                Table.count(result.unfolded()),
                result.resumed()));
        for (double seconds : List.of(
                result.longestAwaySeconds(),
                result.takeoverSeconds(),
                result.secondsWithoutAcks(),
                result.longestAckSeconds(),
                result.secondsWithoutReads())) {
            row.add(Table.decimal(seconds, 1));
        }
        row.add(Table.count(result.failedReads()));
        row.add(Table.count(result.staleReads()));
        for (double millis : List.of(result.p99BeforeMs(), result.p99DuringMs(), result.p99AfterMs())) {
            row.add(millis < 0 ? "–" : Table.decimal(millis, 0));
        }
        return row;
    }
}

package chat.milena.syncapi.http;

import chat.milena.protocol.json.ProtocolJson;
import chat.milena.syncapi.http.Latest.Line;
import chat.milena.syncapi.read.Read;
import chat.milena.syncapi.read.ReadAnswer;
import chat.milena.syncapi.read.Reads;
import chat.milena.syncapi.read.ReadsUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Reads the lines of an answer, as many as fit into it. Waits for the views.
///
/// The maximum size of a line is known before it is read, so no more lines are read than fit in any case; the free
/// rest is filled by reading again.
final class BoundedLines {
    private final Reads reads;

    BoundedLines(Reads reads) {
        this.reads = reads;
    }

    /// The lines that were read.
    ///
    /// @param lines in the order of the answer
    /// @param taken how many of the first lines were read, shown or not
    /// @param bytes their size
    record Shown<T extends Record>(List<T> lines, int taken, long bytes) {}

    /// Adds further fields to some of the lines at a time.
    @FunctionalInterface
    interface Completion<T extends Record> {
        List<T> complete(List<T> lines) throws ReadsUnavailableException;
    }

    /// Same as below, for lines without further fields.
    <T extends Record> Shown<T> show(List<Line> lines, int linesMax, long bytesMax, Function<Line, Read<T>> question)
            throws ReadsUnavailableException {
        return show(lines, linesMax, bytesMax, question, read -> read);
    }

    /// The first of these lines, at least one.
    ///
    /// @param linesMax maximum number
    /// @param bytesMax no line that may exceed it, except the first
    /// @param completion completes the lines, within the maximum size of each
    <T extends Record> Shown<T> show(
            List<Line> lines, int linesMax, long bytesMax, Function<Line, Read<T>> question, Completion<T> completion)
            throws ReadsUnavailableException {
        List<T> shown = new ArrayList<>();
        int most = Math.min(lines.size(), linesMax);
        int taken = 0;
        long bytes = 0;
        while (taken < most) {
            List<Read<T>> fitting = fitting(lines.subList(taken, most), bytesMax - bytes, taken == 0, question);
            if (fitting.isEmpty()) {
                break;
            }
            List<T> read = new ArrayList<>(fitting.size());
            for (ReadAnswer<T> answer : reads.ask(fitting)) {
                switch (answer) {
                    case ReadAnswer.Answered<T>(var line) -> read.add(line);
                    // The user left in between.
                    case ReadAnswer.Refused<T> refused -> {}
                }
            }
            for (T line : completion.complete(read)) {
                shown.add(line);
                bytes += ProtocolJson.bytes(line).length + 1;
            }
            taken += fitting.size();
        }
        return new Shown<>(shown, taken, bytes);
    }

    private static <T extends Record> List<Read<T>> fitting(
            List<Line> lines, long bytesMax, boolean atLeastOne, Function<Line, Read<T>> question) {
        List<Read<T>> fitting = new ArrayList<>();
        long bytes = 0;
        for (Line line : lines) {
            bytes += line.bytesMax();
            if (bytes > bytesMax && !(atLeastOne && fitting.isEmpty())) {
                break;
            }
            fitting.add(question.apply(line));
        }
        return fitting;
    }
}

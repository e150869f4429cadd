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
/// How large a line may be is known before it is read, roughly, so hardly more lines are read than fit; the free rest
/// is filled by reading again. A line that was read and does not fit is left for the next page.
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
    /// @param completion adds fields to the lines; it keeps their number and order
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
            List<Integer> places = new ArrayList<>(fitting.size());
            List<ReadAnswer<T>> answers = reads.ask(fitting);
            for (int i = 0; i < answers.size(); i++) {
                switch (answers.get(i)) {
                    case ReadAnswer.Answered<T>(var line) -> {
                        read.add(line);
                        places.add(taken + i);
                    }
                    // The user left in between.
                    case ReadAnswer.Refused<T> refused -> {}
                }
            }
            List<T> complete = completion.complete(read);
            for (int i = 0; i < complete.size(); i++) {
                int size = ProtocolJson.bytes(complete.get(i)).length + 1;
                if (bytes + size > bytesMax && places.get(i) > 0) {
                    return new Shown<>(shown, places.get(i), bytes);
                }
                shown.add(complete.get(i));
                bytes += size;
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

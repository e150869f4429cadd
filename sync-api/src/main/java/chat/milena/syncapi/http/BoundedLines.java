package chat.milena.syncapi.http;

import chat.milena.syncapi.http.Latest.Line;
import chat.milena.syncapi.read.JsonBytes;
import chat.milena.syncapi.read.Read;
import chat.milena.syncapi.read.ReadAnswer;
import chat.milena.syncapi.read.Reads;
import chat.milena.syncapi.read.ReadsUnavailableException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Asks for the lines of an answer, as many as fit into it. Waits for the views.
///
/// How long a line may be is known before it is asked for, so no more is asked for than fits in any case; what is left
/// free is filled by asking again.
final class BoundedLines {
    private final Reads reads;

    BoundedLines(Reads reads) {
        this.reads = reads;
    }

    /// What was shown.
    ///
    /// @param taken how many of the first lines were asked for, shown or not
    /// @param bytes how long they are
    record Shown(ArrayNode json, int taken, long bytes) {}

    /// The first of these lines, at least one.
    ///
    /// @param linesMax at most so many
    /// @param bytesMax no line that may bring them above it, but for the first one
    Shown show(List<Line> lines, int linesMax, long bytesMax, Function<Line, Read> question)
            throws ReadsUnavailableException {
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        int most = Math.min(lines.size(), linesMax);
        int taken = 0;
        long bytes = 0;
        while (taken < most) {
            List<Read> fitting = fitting(lines.subList(taken, most), bytesMax - bytes, taken == 0, question);
            if (fitting.isEmpty()) {
                break;
            }
            for (ReadAnswer answer : reads.ask(fitting)) {
                switch (answer) {
                    case ReadAnswer.Answered(var line) -> {
                        json.add(line);
                        bytes += JsonBytes.of(line) + 1;
                    }
                    // They left in between.
                    case ReadAnswer.Refused refused -> {}
                }
            }
            taken += fitting.size();
        }
        return new Shown(json, taken, bytes);
    }

    private static List<Read> fitting(
            List<Line> lines, long bytesMax, boolean atLeastOne, Function<Line, Read> question) {
        List<Read> fitting = new ArrayList<>();
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

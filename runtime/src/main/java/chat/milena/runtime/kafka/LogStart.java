package chat.milena.runtime.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// One start of a process that keeps state of the log, as the log itself records it. Immutable.
///
/// @param folder the permanent name of the state folder
/// @param id of this start alone
/// @param atMillis the time of the start
/// @param ends the end offsets of the partitions of the deliveries at that time, in order
public record LogStart(String folder, String id, long atMillis, List<Long> ends) {
    private static final Pattern LINE = Pattern.compile("(\\S+) (\\d{1,18}) (\\d{1,18}(?:,\\d{1,18})*)");

    public LogStart {
        ends = List.copyOf(ends);
    }

    /// Whether a position that a client holds cannot belong to this log: it was issued before this start, at an
    /// offset that the log had not reached at this start. That happens after an older copy of the log replaced
    /// the one that issued the position.
    public boolean denies(int partition, long offset, long givenAtMillis) {
        return givenAtMillis < atMillis && partition >= 0 && partition < ends.size() && offset > ends.get(partition);
    }

    /// One line a start: its id, its time, and the ends, comma separated.
    static String write(List<LogStart> ofOneFolder) {
        return ofOneFolder.stream()
                .map(start -> start.id() + " " + start.atMillis() + " "
                        + start.ends().stream().map(String::valueOf).collect(Collectors.joining(",")))
                .collect(Collectors.joining("\n"));
    }

    /// Reads the text of [#write]. Lines that cannot be read are skipped: an unknown start is never a reason to
    /// trust.
    static List<LogStart> read(String folder, String text) {
        List<LogStart> starts = new ArrayList<>();
        text.lines().forEach(line -> {
            Matcher parts = LINE.matcher(line);
            if (parts.matches()) {
                List<Long> ends = new ArrayList<>();
                for (String end : parts.group(3).split(",", -1)) {
                    ends.add(Long.valueOf(end));
                }
                starts.add(new LogStart(folder, parts.group(1), Long.parseLong(parts.group(2)), ends));
            }
        });
        return starts;
    }
}

package chat.milena.runtime.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// One start of a process that keeps state of the log, as the log itself remembers it. Immutable.
///
/// @param folder names the state folder, for good
/// @param id of this start alone
/// @param atMillis when it was
/// @param ends how far the partitions of the deliveries went then, in order
public record LogStart(String folder, String id, long atMillis, List<Long> ends) {
    private static final Pattern LINE = Pattern.compile("(\\S+) (\\d{1,18}) (\\d{1,18}(?:,\\d{1,18})*)");

    public LogStart {
        ends = List.copyOf(ends);
    }

    /// Whether a place that was given to a client is none of this log: it was given before this start, and the log did
    /// not go so far then. That is so after an older log was put in place of the one that the place was in.
    public boolean denies(int partition, long offset, long givenAtMillis) {
        return givenAtMillis < atMillis && partition >= 0 && partition < ends.size() && offset > ends.get(partition);
    }

    /// A line a start: its id, its time, and the ends with commas between.
    static String write(List<LogStart> ofOneFolder) {
        return ofOneFolder.stream()
                .map(start -> start.id() + " " + start.atMillis() + " "
                        + start.ends().stream().map(String::valueOf).collect(Collectors.joining(",")))
                .collect(Collectors.joining("\n"));
    }

    /// What [#write] wrote. Lines that cannot be read are none: a start that is not known is never a reason to trust.
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

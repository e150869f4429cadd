package chat.milena.streams.run;

import chat.milena.runtime.kafka.LogStart;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The log from which the state in a folder was built, as the mark beside the state records it. Pure.
///
/// ```
/// folder 3c1d…                     names the folder permanently
/// start 77aa…                      its last start; two while one is being written into the log
/// chat.messages.v1 Zk3…            the id of each topic that the state comes from
/// ```
/// @param starts the log must name one of them as the last start of this folder
/// @param topics the id of each topic by its name
record LogMark(String folder, List<String> starts, Map<String, String> topics) {
    private static final String FOLDER = "folder ";
    private static final String START = "start ";

    LogMark {
        starts = List.copyOf(starts);
        topics = Map.copyOf(topics);
    }

    /// Why state with this mark does not belong to this log; null if it does.
    ///
    /// @param known the starts that the log records
    /// @param ids the ids of the topics now
    @Nullable
    String differsFrom(List<LogStart> known, Map<String, String> ids) {
        String last = known.stream()
                .filter(start -> start.folder().equals(folder))
                .map(LogStart::id)
                .reduce((before, after) -> after)
                .orElse(null);
        if (last == null) {
            return "the log has no record of it";
        }
        if (!starts.contains(last)) {
            return "the log, or the state, is an older copy";
        }
        return topics.entrySet().stream()
                .filter(topic -> ids.containsKey(topic.getKey()))
                .filter(topic -> !Objects.equals(ids.get(topic.getKey()), topic.getValue()))
                .map(topic -> topic.getKey() + " was replaced by another topic")
                .findFirst()
                .orElse(null);
    }

    String text() {
        List<String> lines = new ArrayList<>();
        lines.add(FOLDER + folder);
        starts.forEach(start -> lines.add(START + start));
        new TreeMap<>(topics).forEach((name, id) -> lines.add(name + " " + id));
        return String.join("\n", lines);
    }

    /// Reads the text of [#text()]; null if it is something else.
    static @Nullable LogMark parse(@Nullable String text) {
        if (text == null || !text.startsWith(FOLDER)) {
            return null;
        }
        List<String> lines = text.lines().toList();
        List<String> starts = new ArrayList<>();
        Map<String, String> topics = new TreeMap<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] words = line.split(" ", 2);
            if (words.length != 2) {
                return null;
            }
            if (line.startsWith(START)) {
                starts.add(words[1]);
            } else {
                topics.put(words[0], words[1]);
            }
        }
        return new LogMark(lines.getFirst().substring(FOLDER.length()), starts, topics);
    }

    /// The same with these starts.
    LogMark withStarts(String... only) {
        return new LogMark(folder, Arrays.asList(only), topics);
    }
}

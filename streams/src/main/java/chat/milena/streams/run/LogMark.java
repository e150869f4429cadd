package chat.milena.streams.run;

import chat.milena.runtime.kafka.LogStart;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which log the state in a folder was built from, as a mark beside the state says it. Pure.
///
/// ```
/// folder 3c1d…                     names the folder, for good
/// start 77aa…                      its last start; two while one is being written into the log
/// chat.messages.v1 Zk3…            the id of each topic that the state comes from
/// ```
/// @param starts the one that the log must name as this folder's last
/// @param topics the id of each topic by its name
record LogMark(String folder, List<String> starts, Map<String, String> topics) {
    private static final String FOLDER = "folder ";
    private static final String START = "start ";

    LogMark {
        starts = List.copyOf(starts);
        topics = Map.copyOf(topics);
    }

    /// Why state with this mark is not of this log; null if it is.
    ///
    /// @param known the starts that the log remembers
    /// @param ids of the topics as they are now
    @Nullable
    String differsFrom(List<LogStart> known, Map<String, String> ids) {
        String last = known.stream()
                .filter(start -> start.folder().equals(folder))
                .map(LogStart::id)
                .reduce((before, after) -> after)
                .orElse(null);
        if (last == null) {
            return "the log does not know it";
        }
        if (!starts.contains(last)) {
            return "the log, or the state, is an older copy";
        }
        return topics.entrySet().stream()
                .filter(topic -> ids.containsKey(topic.getKey()))
                .filter(topic -> !Objects.equals(ids.get(topic.getKey()), topic.getValue()))
                .map(topic -> topic.getKey() + " is another topic than it was")
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

    /// What [#text()] wrote; null if it is something else.
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

    /// The same of these starts.
    LogMark withStarts(String... only) {
        return new LogMark(folder, Arrays.asList(only), topics);
    }
}

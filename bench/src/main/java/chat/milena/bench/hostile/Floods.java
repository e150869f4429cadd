package chat.milena.bench.hostile;

import chat.milena.bench.client.UsageFailure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// All floods, and the selection among them.
final class Floods {
    private Floods() {}

    static List<Flood> all() {
        return Stream.of(
                        OutsiderFloods.bodies(),
                        OutsiderFloods.heads(),
                        OutsiderFloods.silent(),
                        OutsiderFloods.upgrades(),
                        OutsiderFloods.pages(),
                        InsiderFloods.unread(),
                        InsiderFloods.groups(),
                        InsiderFloods.held(),
                        OutsiderFloods.odd(),
                        InsiderFloods.odd())
                .flatMap(List::stream)
                .toList();
    }

    /// The floods that one of the words selects, by kind or by name; all if there are no words.
    static List<Flood> chosen(List<String> words) {
        for (String word : words) {
            if (all().stream().noneMatch(flood -> flood.isChosenBy(word))) {
                throw new UsageFailure("there is no flood '" + word + "'; there are " + names());
            }
        }
        return all().stream()
                .filter(flood -> words.isEmpty() || words.stream().anyMatch(flood::isChosenBy))
                .toList();
    }

    /// The floods that run together: each by itself, or all of a kind.
    static List<List<Flood>> rounds(List<Flood> floods, boolean byKind) {
        if (!byKind) {
            return floods.stream().map(List::of).toList();
        }
        Map<Flood.Kind, List<Flood>> kinds = new LinkedHashMap<>();
        floods.forEach(flood ->
                kinds.computeIfAbsent(flood.kind(), kind -> new ArrayList<>()).add(flood));
        return List.copyOf(kinds.values());
    }

    /// Every word that selects floods, for the help text.
    static String names() {
        return Stream.of(Flood.Kind.values())
                .map(kind -> kind.id() + " (" + kind.about() + ": "
                        + all().stream()
                                .filter(flood -> flood.kind() == kind)
                                .map(Flood::name)
                                .collect(Collectors.joining(", "))
                        + ")")
                .collect(Collectors.joining("; "));
    }
}

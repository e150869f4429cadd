package chat.milena.protocol.documents;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The comments on records and on constants of enums in the sources, so that each text is written once.
final class SourceDocs {
    private static final Path SOURCES = Path.of("src", "main", "java");
    private static final List<Path> ROOTS =
            List.of(SOURCES, Path.of("..", "schemas").resolve(SOURCES));
    private static final Pattern TYPE = Pattern.compile(
            "(?<doc>(?:^ *///.*\\n)+)(?:^(?! *///)[^;]*\\n){0,20}?^ *(?:public )?(?:sealed |final )?(?:record|interface|enum|class) (?<name>\\w+)",
            Pattern.MULTILINE);
    private static final Pattern CONSTANT =
            Pattern.compile("(?<doc>(?:^ *///.*\\n)+)^ *(?<name>[A-Z][A-Z_0-9]*)\\b", Pattern.MULTILINE);
    private static final Pattern LINK = Pattern.compile("\\[(\\w+)?(?:#(\\w+))?]");

    private final Map<Class<?>, String> sources = new LinkedHashMap<>();

    /// The comment on one type.
    ///
    /// @param components of a record, by name
    record Doc(String text, Map<String, String> components) {}

    /// The comment on a record or an interface.
    Doc of(Class<?> type) {
        return TYPE.matcher(source(type))
                .results()
                .filter(found -> found.group("name").equals(type.getSimpleName()))
                .map(SourceDocs::doc)
                .findFirst()
                .orElseThrow(() -> new AssertionError(type.getName() + " has no comment"));
    }

    /// The paragraphs of the comment on a constant.
    List<String> of(Enum<?> constant) {
        return CONSTANT.matcher(source(constant.getDeclaringClass()))
                .results()
                .filter(found -> found.group("name").equals(constant.name()))
                .map(SourceDocs::paragraphs)
                .findFirst()
                .orElseThrow(() -> new AssertionError(constant + " has no comment"));
    }

    private static List<String> paragraphs(MatchResult found) {
        String text = found.group("doc")
                .lines()
                .map(line -> line.strip().substring(3).strip())
                .collect(Collectors.joining("\n"));
        return Arrays.stream(text.split("\n\n"))
                .map(paragraph -> plain(paragraph.replace('\n', ' ')))
                .toList();
    }

    private static Doc doc(MatchResult found) {
        StringBuilder text = new StringBuilder();
        Map<String, StringBuilder> components = new LinkedHashMap<>();
        StringBuilder current = text;
        for (String line : found.group("doc").lines().toList()) {
            String said = line.strip().substring(3).strip();
            if (said.startsWith("@param ")) {
                String[] parts = said.split(" ", 3);
                current = new StringBuilder();
                components.put(parts[1], current);
                said = parts[2];
            }
            if (!said.isEmpty()) {
                current.append(current.isEmpty() ? "" : " ").append(said);
            }
        }
        Map<String, String> plain = new LinkedHashMap<>();
        components.forEach((name, said) -> plain.put(name, plain(said)));
        return new Doc(plain(text), plain);
    }

    /// Without links to other code.
    private static String plain(CharSequence text) {
        return LINK.matcher(text).replaceAll(link -> {
            String name = link.group(2) == null ? link.group(1) : link.group(2);
            return Matcher.quoteReplacement(name.equals("PARTICIPANTS_MAX") ? "100" : "`" + name + "`");
        });
    }

    private String source(Class<?> type) {
        Class<?> outermost = type;
        while (outermost.getEnclosingClass() != null) {
            outermost = outermost.getEnclosingClass();
        }
        return sources.computeIfAbsent(outermost, top -> {
            try {
                String file = top.getName().replace('.', '/') + ".java";
                Path root = ROOTS.stream()
                        .filter(folder -> Files.exists(folder.resolve(file)))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError(file + " is in no source folder"));
                return Files.readString(root.resolve(file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}

package chat.milena.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The checkout that these tests are of.
public final class SourceFiles {
    public static final Path ROOT = Path.of(System.getProperty("milena.root", ".."));

    private SourceFiles() {}

    /// Those of every module, tests among them, with one of these endings.
    static List<Path> ofAllModules(String... endings) throws IOException {
        List<Path> sources = new ArrayList<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.map(path -> path.resolve("src"))
                    .filter(Files::isDirectory)
                    .toList()) {
                sources.addAll(below(module, endings));
            }
        }
        return sources;
    }

    /// Those below a folder, with one of these endings.
    static List<Path> below(Path folder, String... endings) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> Stream.of(endings)
                            .anyMatch(ending -> file.toString().endsWith(ending)))
                    .toList();
        }
    }

    /// What the pattern's first group is in a text, wherever it matches.
    public static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(result -> result.group(1)).collect(Collectors.toSet());
    }
}

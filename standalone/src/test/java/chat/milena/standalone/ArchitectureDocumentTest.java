package chat.milena.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every class and test that ARCHITECTURE.md names is there: a name that has moved on leads nobody anywhere.
class ArchitectureDocumentTest {
    private static final Path ROOT = Path.of(System.getProperty("milena.root", ".."));
    private static final Pattern NAMED = Pattern.compile("`(?:[a-z.]+[.])?([A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*)`");
    private static final Pattern DECLARED = Pattern.compile("(?:class|record|interface|enum) ([A-Z][A-Za-z0-9]*)");

    @Test
    void everyClassThatItNamesIsThere() throws IOException {
        Set<String> named = new TreeSet<>(found(NAMED, Files.readString(ROOT.resolve("ARCHITECTURE.md"))));
        assertThat(named).as("the names in the document").hasSizeGreaterThan(50);

        Set<String> declared = new TreeSet<>();
        for (Path source : sources()) {
            declared.addAll(found(DECLARED, Files.readString(source)));
        }

        assertThat(declared).containsAll(named);
    }

    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(result -> result.group(1)).toList();
    }

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.map(path -> path.resolve("src"))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> files = Files.walk(module)) {
                    files.filter(path -> path.toString().matches(".*[.](java|avdl)$"))
                            .forEach(sources::add);
                }
            }
        }
        return sources;
    }
}

package chat.milena.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Modules have few packages, packages few files, and files few lines, so that each can be known as a whole.
///
/// The package that has the module's own name holds what puts the others together; it is none of them.
class LayoutTest {
    private static final int PACKAGES_MAX = 6;
    private static final long FILES_MAX = 20;
    private static final long LINES_MAX = 400;

    /// Modules that have more packages, each with its exact number, so that none grows unseen (ADR 19).
    private static final Map<String, Integer> MORE_PACKAGES =
            Map.of("gateway", 10, "runtime", 8, "bench", 16, "standalone", 7, "push-worker", 7);

    /// Packages that are still too large; none of them may grow.
    private static final Map<String, Long> MORE_FILES = Map.of();

    /// Files that are still too long; none of them may grow.
    private static final Map<String, Long> MORE_LINES = Map.of();

    private static final String PACKAGES = "/java/chat/milena/";
    private static final Path SOURCES = Path.of("src", "main", "java");

    @Test
    void modulesHaveFewPackages() throws IOException {
        Map<String, Set<Path>> packages = new TreeMap<>();
        for (Path module : modules()) {
            Path own = SourceFiles.ROOT.resolve(module).resolve(SOURCES).resolve("chat/milena");
            packages.put(
                    module.toString(),
                    SourceFiles.below(own, ".java").stream()
                            .map(file -> own.relativize(file.getParent()))
                            .filter(folder -> folder.getNameCount() > 1)
                            .collect(Collectors.toCollection(TreeSet::new)));
        }

        assertThat(packages).hasSizeGreaterThan(10);
        assertThat(packages).allSatisfy((module, of) -> {
            Integer more = MORE_PACKAGES.get(module);
            if (more == null) {
                assertThat(of).as("packages of %s", module).hasSizeLessThanOrEqualTo(PACKAGES_MAX);
            } else {
                assertThat(of).as("packages of %s", module).hasSize(more);
            }
        });
    }

    @Test
    void packagesHaveFewFiles() throws IOException {
        Map<String, Long> files = new TreeMap<>();
        for (Path file : mainFiles()) {
            if (!file.endsWith("package-info.java")) {
                files.merge(shortName(Objects.requireNonNull(file.getParent())), 1L, Long::sum);
            }
        }

        assertThat(files).hasSizeGreaterThan(50);
        assertThat(files)
                .allSatisfy((folder, count) -> assertThat(count)
                        .as("files of %s", folder)
                        .isLessThanOrEqualTo(MORE_FILES.getOrDefault(folder, FILES_MAX)));
    }

    @Test
    void filesHaveFewLines() throws IOException {
        for (Path file : mainFiles()) {
            try (Stream<String> lines = Files.lines(file)) {
                assertThat(lines.count())
                        .as("lines of %s", shortName(file))
                        .isLessThanOrEqualTo(MORE_LINES.getOrDefault(shortName(file), LINES_MAX));
            }
        }
    }

    /// Below the package of all modules, as `runtime/http`.
    private static String shortName(Path file) {
        String path = SourceFiles.ROOT.relativize(file).toString();
        return path.substring(path.indexOf(PACKAGES) + PACKAGES.length());
    }

    private static Set<Path> modules() throws IOException {
        try (Stream<Path> folders = Files.list(SourceFiles.ROOT)) {
            return folders.filter(folder -> Files.isDirectory(folder.resolve(SOURCES)))
                    .map(SourceFiles.ROOT::relativize)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Set<Path> mainFiles() throws IOException {
        Set<Path> files = new TreeSet<>();
        for (Path module : modules()) {
            files.addAll(SourceFiles.below(SourceFiles.ROOT.resolve(module).resolve(SOURCES), ".java"));
        }
        return files;
    }
}

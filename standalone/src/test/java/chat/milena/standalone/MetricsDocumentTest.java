package chat.milena.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every meter of ours is in `docs/operations.md`, under the name that `/metrics` gives it, and every one there is
/// ours.
class MetricsDocumentTest {
    private static final Path ROOT = Path.of(System.getProperty("milena.root", ".."));
    private static final List<String> SERVERS =
            List.of("gateway", "sync-api", "topology", "runtime", "schemas", "standalone");
    private static final Pattern METER = Pattern.compile("\"(milena(?:\\.[a-z]+)+)\"");
    private static final Pattern DOCUMENTED = Pattern.compile("`(milena_[a-z_]+)`");
    private static final Pattern SUFFIX = Pattern.compile("_(?:total|seconds)$");

    @Test
    void everyMeterIsDocumentedAndNoOther() throws IOException {
        Set<String> meters = new TreeSet<>();
        for (String server : SERVERS) {
            try (Stream<Path> sources = Files.walk(ROOT.resolve(server).resolve("src/main"))) {
                for (Path source : sources.filter(path -> path.toString().endsWith(".java"))
                        .toList()) {
                    meters.addAll(found(METER, Files.readString(source)));
                }
            }
        }
        Set<String> expected =
                meters.stream().map(name -> name.replace('.', '_')).collect(Collectors.toSet());

        Set<String> documented = found(DOCUMENTED, Files.readString(ROOT.resolve("docs/operations.md"))).stream()
                .map(name -> SUFFIX.matcher(name).replaceFirst(""))
                .collect(Collectors.toSet());

        assertThat(expected).hasSizeGreaterThan(20);
        assertThat(documented).containsExactlyInAnyOrderElementsOf(expected);
    }

    private static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(result -> result.group(1)).collect(Collectors.toSet());
    }
}

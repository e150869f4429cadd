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
import org.junit.jupiter.api.Test;

/// Every meter of ours is in `docs/operations.md`, under the name that `/metrics` gives it, and every one there is
/// ours.
class MetricsDocumentTest {
    private static final List<String> SERVERS = List.of(
            "gateway",
            "sync-api",
            "topology",
            "push-worker",
            "streams",
            "ephemeral",
            "runtime",
            "schemas",
            "standalone");
    private static final Pattern METER = Pattern.compile("\"(milena(?:\\.[a-z]+)+)\"");
    private static final Pattern DOCUMENTED = Pattern.compile("`(milena_[a-z_]+)`");
    private static final Pattern SUFFIX = Pattern.compile("_(?:total|seconds)$");

    @Test
    void everyMeterIsDocumentedAndNoOther() throws IOException {
        Set<String> meters = new TreeSet<>();
        for (String server : SERVERS) {
            for (Path source :
                    SourceFiles.below(SourceFiles.ROOT.resolve(server).resolve("src/main"), ".java")) {
                meters.addAll(SourceFiles.found(METER, Files.readString(source)));
            }
        }
        Set<String> expected =
                meters.stream().map(name -> name.replace('.', '_')).collect(Collectors.toSet());

        Set<String> documented =
                SourceFiles.found(DOCUMENTED, Files.readString(SourceFiles.ROOT.resolve("docs/operations.md"))).stream()
                        .map(name -> SUFFIX.matcher(name).replaceFirst(""))
                        .collect(Collectors.toSet());

        assertThat(expected).hasSizeGreaterThan(20);
        assertThat(documented).containsExactlyInAnyOrderElementsOf(expected);
    }
}

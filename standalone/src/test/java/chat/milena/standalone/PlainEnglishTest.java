package chat.milena.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Sources and documents do not use the phrases that docs/style.md replaces.
class PlainEnglishTest {
    private static final Pattern AVOIDED = Pattern.compile(
            "\\b(told|telling|tells of|whoever|who asks|at once|anew|so many(?! \\w+ that)"
                    + "|none of it|what is there|(?:put|puts|putting) aside|go(?:es|ing)? on|gone on|under way|passed over)\\b");
    private static final Pattern LINE_OF_A_COMMENT = Pattern.compile("\\n *(?:///?)? *");
    private static final List<String> MODULES = List.of(
            "schemas",
            "protocol",
            "conversation",
            "runtime",
            "streams",
            "ephemeral",
            "topology",
            "gateway",
            "sync-api",
            "standalone",
            "bench");
    private static final List<String> DOCUMENTS = List.of(
            "README.md", "ARCHITECTURE.md", "SECURITY.md", "bench/README.md", "gateway/README.md", "web/sdk/README.md");
    private static final Path STYLE = SourceFiles.ROOT.resolve("docs/style.md");
    /// The style guide quotes the phrases, and lists them in a table.
    private static final Pattern EXAMPLE = Pattern.compile("\"[^\"]*\"|^\\|.*", Pattern.MULTILINE);

    private static Stream<String> avoided(Path file) {
        try {
            String text = Files.readString(file);
            if (file.equals(STYLE)) {
                text = EXAMPLE.matcher(text).replaceAll("");
            }
            String prose = LINE_OF_A_COMMENT.matcher(text).replaceAll(" ");
            return AVOIDED.matcher(prose.toLowerCase(Locale.ROOT))
                    .results()
                    .map(found -> SourceFiles.ROOT.relativize(file) + ": " + found.group());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void sourcesAndDocumentsUsePlainWords() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String module : MODULES) {
            files.addAll(SourceFiles.below(SourceFiles.ROOT.resolve(module).resolve("src/main/java"), ".java"));
        }
        DOCUMENTS.forEach(document -> files.add(SourceFiles.ROOT.resolve(document)));
        files.addAll(SourceFiles.below(SourceFiles.ROOT.resolve("docs"), ".md"));

        assertThat(files.stream().flatMap(PlainEnglishTest::avoided))
                .as("docs/style.md has better words")
                .isEmpty();
    }
}

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

/// Sources and documents keep the rules of docs/style.md for prose, as far as these can be checked.
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
            "push-worker",
            "gateway",
            "sync-api",
            "standalone",
            "bench");
    private static final List<String> DOCUMENTS = List.of(
            "README.md", "ARCHITECTURE.md", "SECURITY.md", "bench/README.md", "gateway/README.md", "web/sdk/README.md");
    private static final Path STYLE = SourceFiles.ROOT.resolve("docs/style.md");
    /// The style guide quotes the phrases, and lists them in a table.
    private static final Pattern EXAMPLE = Pattern.compile("\"[^\"]*\"|^\\|.*", Pattern.MULTILINE);

    private static final Pattern SECTION = Pattern.compile("^## (.*)$", Pattern.MULTILINE);
    private static final Pattern NOT_PROSE = Pattern.compile("(?ms)^ *```.*?^ *```$|^\\|.*?$|^ *<.*?$");
    private static final int COLUMNS_MAX = 120;

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
        files.addAll(documents());

        assertThat(files.stream().flatMap(PlainEnglishTest::avoided))
                .as("docs/style.md has better words")
                .isEmpty();
    }

    @Test
    void proseOfDocumentsIsWrapped() throws IOException {
        for (Path document : documents()) {
            Stream<String> prose =
                    NOT_PROSE.matcher(Files.readString(document)).replaceAll("").lines();
            assertThat(prose.filter(line -> line.length() > COLUMNS_MAX))
                    .as("%s", document)
                    .isEmpty();
        }
    }

    @Test
    void decisionsHaveTheSameSections() throws IOException {
        for (Path decision : SourceFiles.below(SourceFiles.ROOT.resolve("docs/adr"), ".md")) {
            assertThat(SECTION.matcher(Files.readString(decision)).results().map(section -> section.group(1)))
                    .as("%s", decision)
                    .containsExactly("Context", "Decision", "Alternatives", "Consequences");
        }
    }

    private static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>(SourceFiles.below(SourceFiles.ROOT.resolve("docs"), ".md"));
        DOCUMENTS.forEach(document -> documents.add(SourceFiles.ROOT.resolve(document)));
        return documents;
    }
}

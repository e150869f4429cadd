package chat.milena.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Every class and test that ARCHITECTURE.md names is there: a name that has moved on leads nobody anywhere.
class ArchitectureDocumentTest {
    private static final Pattern NAMED = Pattern.compile("`(?:[a-z.]+[.])?([A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*)`");
    private static final Pattern DECLARED = Pattern.compile("(?:class|record|interface|enum) ([A-Z][A-Za-z0-9]*)");

    @Test
    void everyClassThatItNamesIsThere() throws IOException {
        Set<String> named =
                new TreeSet<>(SourceFiles.found(NAMED, Files.readString(SourceFiles.ROOT.resolve("ARCHITECTURE.md"))));
        assertThat(named).as("the names in the document").hasSizeGreaterThan(50);

        Set<String> declared = new TreeSet<>();
        for (Path source : SourceFiles.ofAllModules(".java", ".avdl")) {
            declared.addAll(SourceFiles.found(DECLARED, Files.readString(source)));
        }

        assertThat(declared).containsAll(named);
    }
}

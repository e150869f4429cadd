package chat.milena.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.JavaFormatterOptions.Style;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Every Java source of every module is laid out as palantir-java-format does it, so that no review speaks of layout.
class FormattingTest {
    private static final boolean APPLY = "apply".equals(System.getProperty("milena.format"));

    private final Formatter formatter = Formatter.createFormatter(
            JavaFormatterOptions.builder().style(Style.PALANTIR).build());

    @Test
    void everySourceIsFormatted() throws IOException {
        List<Path> sources = SourceFiles.ofAllModules(".java");
        assertThat(sources).as("the sources of all modules").hasSizeGreaterThan(50);

        List<Path> different = new ArrayList<>();
        for (Path source : sources) {
            String text = Files.readString(source);
            String formatted = format(source, text);
            if (!text.equals(formatted)) {
                different.add(SourceFiles.ROOT.relativize(source));
                if (APPLY) {
                    Files.writeString(source, formatted);
                }
            }
        }
        if (!APPLY) {
            assertThat(different)
                    .as("sources that are not formatted; repair them with: mvn -q -pl standalone -am test"
                            + " -Dtest=FormattingTest -Dsurefire.failIfNoSpecifiedTests=false -Dmilena.format=apply")
                    .isEmpty();
        }
    }

    private String format(Path source, String text) {
        try {
            return formatter.formatSource(text);
        } catch (FormatterException e) {
            throw new AssertionError("the formatter cannot read " + SourceFiles.ROOT.relativize(source), e);
        }
    }
}

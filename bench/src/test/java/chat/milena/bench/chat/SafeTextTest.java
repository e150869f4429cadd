package chat.milena.bench.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import org.junit.jupiter.api.Test;

class SafeTextTest {

    @Test
    void ordinaryTextOfAllScriptsStaysAsItIs() {
        String text = "h\u00e9llo \u4f60\u597d \u0645\u0631\u062d\u0628\u0627 \ud83d\ude00\u200d\ud83d\ude80 ~!@#";

        assertThat(SafeText.of(text)).isEqualTo(text);
    }

    @Test
    void whatSteersATerminalIsShownInstead() {
        assertThat(SafeText.of("\u001b]0;title\u0007\r\n\u007f\u0000"))
                .isEqualTo("\u241b]0;title\u2407\u240d\u240a\u2421\u2400");
        assertThat(SafeText.of("\u009b31m")).isEqualTo("\ufffd31m");
        assertThat(SafeText.of("a\tb")).isEqualTo("a b");
    }

    @Test
    void whatReordersOrBreaksLinesIsShownInstead() {
        assertThat(SafeText.of("a\u202eb\u2066c\u2028d\u2029e\u200ff"))
                .isEqualTo("a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf");
        assertThat(SafeText.of("lone \ud800 surrogate")).isEqualTo("lone \ufffd surrogate");
    }

    @Test
    void linesAreReadWithAnyEndingAndUpToTheirBound() throws IOException {
        LineReader lines = new LineReader(
                new StringReader("one\r\ntwo\n\n" + "x".repeat(LineReader.LINE_CHARS_MAX + 5) + "\nend"));

        assertThat(lines.next()).isEqualTo("one");
        assertThat(lines.next()).isEqualTo("two");
        assertThat(lines.next()).isEmpty();
        assertThat(lines.next()).hasSize(LineReader.LINE_CHARS_MAX);
        assertThat(lines.next()).isEqualTo("end");
        assertThat(lines.next()).isNull();
    }
}

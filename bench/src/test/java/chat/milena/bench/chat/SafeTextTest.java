package chat.milena.bench.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
        String text = "one\r\ntw\u00f6\n\n" + "x".repeat(LineReader.LINE_BYTES_MAX + 1) + "\nend";
        LineReader lines = new LineReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));

        assertThat(lines.next()).isEqualTo("one");
        assertThat(lines.next()).isEqualTo("tw\u00f6");
        assertThat(lines.next()).isEmpty();
        assertThatThrownBy(lines::next).hasMessage("the line has more than 65536 bytes");
        assertThat(lines.next()).isEqualTo("end");
        assertThat(lines.next()).isNull();
    }
}

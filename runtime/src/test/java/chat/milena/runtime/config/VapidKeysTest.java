package chat.milena.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VapidKeysTest {
    /// From appendix A of RFC 8291: the pair of the application server.
    private static final String PUBLIC =
            "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8";

    private static final String PRIVATE = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw";

    @TempDir
    Path folder;

    private VapidKeys keys(String text) throws IOException {
        return VapidKeys.load(Files.writeString(folder.resolve("vapid.key"), text));
    }

    @Test
    void firstPairIsPublishedAndOlderOnesStayKnown() throws IOException {
        String old = Files.readString(made()).strip();

        VapidKeys keys = keys(PUBLIC + ":" + PRIVATE + "\n\n" + old + "\n");

        assertThat(keys.published()).isEqualTo(PUBLIC);
        assertThat(keys.pairs()).hasSize(2);
        assertThat(keys.pair(old.substring(0, old.indexOf(':')))).isPresent();
        assertThat(keys.pair(PRIVATE)).isEmpty();
        assertThat(keys + keys.pairs().toString()).doesNotContain(PRIVATE);
    }

    /// Some numbers are shorter than 32 bytes, or have a sign byte.
    @RepeatedTest(40)
    void missingFileIsMadeForTheOwnerAlone() throws IOException {
        Path file = made();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Base64.getUrlDecoder().decode(VapidKeys.load(file).published()))
                .hasSize(65)
                .startsWith(4);
        assertThat(VapidKeys.loadOrCreate(file).published())
                .isEqualTo(VapidKeys.load(file).published());
    }

    private Path made() throws IOException {
        Path file = folder.resolve("made");
        VapidKeys.loadOrCreate(file);
        return file;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8",
                "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw:yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw",
                "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8:",
                "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8:!fWPiYE",
                "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"
                        + ":yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRg",
                "BAAAAKsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"
                        + ":yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
            })
    void whatIsNoPairIsRejectedWithoutShowingIt(String text) {
        assertThatThrownBy(() -> keys(text))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("vapid.key")
                .hasMessageNotContaining("yfWPiYE");
    }

    @Test
    void pairThatStandsTwiceIsRejected() {
        String pair = PUBLIC + ":" + PRIVATE;

        assertThatThrownBy(() -> keys(pair + "\n" + pair)).hasMessageContaining("twice");
    }
}

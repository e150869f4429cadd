package chat.milena.bench.chat;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.bench.chat.TypedLine.Edit;
import chat.milena.bench.chat.TypedLine.InThread;
import chat.milena.bench.chat.TypedLine.Plain;
import chat.milena.bench.chat.TypedLine.React;
import chat.milena.bench.chat.TypedLine.Reply;
import chat.milena.bench.chat.TypedLine.Say;
import chat.milena.bench.chat.TypedLine.Wrong;
import java.util.List;
import org.junit.jupiter.api.Test;

class TypedLineTest {
    @Test
    void whatBeginsWithoutASlashIsSentAsItIs() {
        assertThat(TypedLine.of(" and/or  ")).isEqualTo(new Say(" and/or  "));
        assertThat(TypedLine.of("//etc/hosts ")).isEqualTo(new Say("/etc/hosts "));
    }

    @Test
    void commandsHaveOneMeaning() {
        assertThat(TypedLine.of("/reply  yes  and no ")).isEqualTo(new Reply("yes  and no"));
        assertThat(TypedLine.of("/thread /why")).isEqualTo(new InThread("/why"));
        assertThat(TypedLine.of("/edit\tnew")).isEqualTo(new Edit("new"));
        assertThat(TypedLine.of("/react 👍")).isEqualTo(new React("👍"));
        assertThat(List.of("/delete", "/pin", "/names", "/help ", "/quit"))
                .extracting(TypedLine::of)
                .containsExactly(Plain.DELETE, Plain.PIN, Plain.NAMES, Plain.HELP, Plain.QUIT);
    }

    @Test
    void everythingElseIsRefusedWithAHint() {
        assertThat(List.of(
                        "/pinn", "/", "/Reply x", "/ reply", "/edit", "/react ", "/thread", "/delete all", "/quit now"))
                .extracting(TypedLine::of)
                .allSatisfy(typed -> assertThat(typed).isInstanceOf(Wrong.class));
        assertThat(((Wrong) TypedLine.of("/pinn x")).hint()).contains("/pinn", "/help");
    }

    @Test
    void helpNamesEveryCommand() {
        for (String word : List.of("/reply", "/thread", "/edit", "/delete", "/react", "/pin", "/names", "/quit")) {
            assertThat(TypedLine.HELP.lines()).anyMatch(line -> line.startsWith(word));
        }
    }
}

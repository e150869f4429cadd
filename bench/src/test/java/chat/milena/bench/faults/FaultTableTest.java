package chat.milena.bench.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.milena.bench.client.UsageFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultTableTest {
    private static final Path DOCUMENT = Path.of(System.getProperty("milena.root", ".."), "docs/failure-modes.md");

    @TempDir
    Path folder;

    @Test
    void onlyWhatIsBetweenTheMarksIsReplaced() throws Exception {
        String before = Files.readString(DOCUMENT);
        Path copy = Files.writeString(folder.resolve("copy.md"), before);

        FaultTable.write(copy, "Measured once.", List.of("a fault"));
        String first = Files.readString(copy);
        FaultTable.write(copy, "Measured twice.", List.of("a fault"));

        assertThat(first).contains("\nMeasured once.\n\n| fault | lost |").startsWith(before.substring(0, 500));
        assertThat(Files.readString(copy)).isEqualTo(first.replace("Measured once.", "Measured twice."));
    }

    @Test
    void rowsOfOtherFaultsStayIfTheyWereMeasuredInTheSameWay() throws Exception {
        Path copy = Files.writeString(folder.resolve("copy.md"), Files.readString(DOCUMENT));

        FaultTable.write(copy, "So.", List.of("kill -9 of a gateway", "1"));
        FaultTable.write(copy, "So.", List.of("SIGSTOP of a broker", "2"));
        FaultTable.write(copy, "So.", List.of("kill -9 of a gateway", "3"));
        assertThat(rows(copy)).containsExactly("| kill -9 of a gateway | 3 |", "| SIGSTOP of a broker | 2 |");

        FaultTable.write(copy, "Otherwise.", List.of("kill -9 of Redis", "4"));
        assertThat(rows(copy)).containsExactly("| kill -9 of Redis | 4 |");
    }

    private static List<String> rows(Path file) throws Exception {
        String text = Files.readString(file);
        return text.substring(text.lastIndexOf("| ---:"), text.indexOf("<!-- It ends here"))
                .lines()
                .skip(1)
                .filter(line -> !line.isEmpty())
                .toList();
    }

    @Test
    void fileWithoutMarksIsLeftAlone() throws Exception {
        Path other = Files.writeString(folder.resolve("other.md"), "# Something else\n");

        assertThatThrownBy(() -> FaultTable.write(other, "Measured.", List.of("a fault")))
                .isInstanceOf(UsageFailure.class);
        assertThat(other).hasContent("# Something else\n");
    }

    @Test
    void everyMemberIsKilledAndStopped() {
        List<Fault> all = Fault.all(List.of("broker-1", "redis", "gateway-1"));

        assertThat(all)
                .extracting(Fault::name)
                .doesNotHaveDuplicates()
                .contains(
                        "kill -9 of a gateway",
                        "kill -9 of a moderation",
                        "kill -9 of Redis",
                        "SIGSTOP of the controller leader",
                        "network cut off at a broker",
                        "full disk of a sequencer",
                        "kill -9 of a gateway and a sequencer");
        assertThat(all.reversed().subList(0, 2))
                .allSatisfy(roll -> assertThat(roll.members()).containsExactly("gateway-1", "broker-1"));
    }
}

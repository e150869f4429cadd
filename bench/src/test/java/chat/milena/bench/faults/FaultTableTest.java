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

        FaultTable.write(copy, "Measured once.", List.of());
        String first = Files.readString(copy);
        FaultTable.write(copy, "Measured twice.", List.of());

        assertThat(first).contains("\nMeasured once.\n\n| fault | lost |").startsWith(before.substring(0, 500));
        assertThat(Files.readString(copy)).isEqualTo(first.replace("Measured once.", "Measured twice."));
    }

    @Test
    void fileWithoutMarksIsLeftAlone() throws Exception {
        Path other = Files.writeString(folder.resolve("other.md"), "# Something else\n");

        assertThatThrownBy(() -> FaultTable.write(other, "Measured.", List.of()))
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

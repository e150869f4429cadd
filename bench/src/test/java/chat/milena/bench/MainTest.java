package chat.milena.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {
    @TempDir
    private Path folder = Path.of(".");

    private final StringWriter errors = new StringWriter();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sing",
                "bench",
                "chat",
                "chat --as alice --with",
                "chat --as al/ice --with bob",
                "chat --as alice --with bob --group g",
                "chat --as alice carol",
                "replay",
                "replay none.jsonl",
                "replay none.jsonl --churn 1.5",
                "bench pairs --users 3",
                "bench pairs --warmup soon",
                "bench pairs --data DATA",
                "bench group --size 1001",
                "bench group --groups 2 --size 10 --users 5",
                "bench group --groups 2 --size 10 --users 21",
                "bench mixed --users 3",
                "bench mixed --rate 0",
                "bench idle --secret-file none",
                "bench herd --secret-file none",
                "bench slow --secret-file none",
                "bench idle --data DATA",
                "bench hostile --secret-file none",
                "bench hostile --only nothing --data DATA",
                "bench hostile --ratio-max 0.5",
                "replay none.jsonl --read-url http://127.0.0.1:1",
                "bench fill --messages 0 --secret-file none",
                "bench history",
                "bench history --conversation c1 --at top",
                "bench history --conversation c1 --secret-file none",
                "bench return --missed 0 --secret-file none",
                "bench mixed --flood-tenant other --flood-users 1 --secret-file none",
                "chat --as alice --with bob --data DATA"
            })
    void aMistakeOfTheUserIsOneLineAndCodeTwo(String line) {
        String[] arguments = line.isEmpty()
                ? new String[0]
                : line.replace("DATA", folder.toString()).split(" ", -1);

        assertThat(run(arguments)).isEqualTo(2);
        assertThat(errors.toString().strip().lines()).hasSize(1);
        assertThat(errors.toString()).isNotBlank().doesNotContain("Exception");
    }

    @Test
    void helpIsNoMistake() {
        assertThat(run("bench", "pairs", "--help")).isZero();
        assertThat(run("bench", "group", "--help")).isZero();
        assertThat(run("bench", "mixed", "--help")).isZero();
        assertThat(run("bench", "idle", "--help")).isZero();
        assertThat(run("bench", "herd", "--help")).isZero();
        assertThat(run("bench", "slow", "--help")).isZero();
        assertThat(run("bench", "hostile", "--help")).isZero();
        assertThat(run("bench", "hostile", "--list")).isZero();
        assertThat(run("bench", "fill", "--help")).isZero();
        assertThat(run("bench", "history", "--help")).isZero();
        assertThat(run("bench", "return", "--help")).isZero();
        assertThat(run("replay", "--help")).isZero();
    }

    @Test
    void durationsAreReadAsPeopleWriteThem() {
        assertThat(Durations.parse("500ms")).isEqualTo(Duration.ofMillis(500));
        assertThat(Durations.parse("60s")).isEqualTo(Duration.ofMinutes(1));
        assertThat(Durations.parse("5m")).isEqualTo(Duration.ofMinutes(5));
        assertThat(Durations.parse("24h")).isEqualTo(Duration.ofDays(1));
        for (String wrong : new String[] {"", "5", "s", "-1s", "1d", "99999999999999999h"}) {
            assertThatThrownBy(() -> Durations.parse(wrong)).isInstanceOf(CommandLine.TypeConversionException.class);
        }
    }

    private int run(String... arguments) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        return Main.commandLine(nowhere)
                .setOut(new PrintWriter(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(errors))
                .execute(arguments);
    }
}

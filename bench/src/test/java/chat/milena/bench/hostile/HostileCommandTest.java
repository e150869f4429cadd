package chat.milena.bench.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.bench.FakeServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class HostileCommandTest {
    @TempDir
    private Path folder = Path.of(".");

    @BeforeEach
    void writeSecret() throws IOException {
        Files.writeString(
                folder.resolve("token.secret"),
                Base64.getUrlEncoder().withoutPadding().encodeToString(FakeServer.secret()));
    }

    @Test
    void usuallyRunsEachFloodByItself() {
        HostileSettings settings = settings();

        assertThat(settings.only()).isEmpty();
        assertThat(settings.byKind()).isFalse();
        assertThat(settings.connections()).isEqualTo(5000);
        assertThat(settings.duration()).isEqualTo(Duration.ofSeconds(15));
        assertThat(settings.limits().p99Ratio()).isEqualTo(2);
        assertThat(settings.limits().p99Floor()).isEqualTo(Duration.ofMillis(20));
        assertThat(settings.data()).isEqualTo(folder);
        assertThat(settings.serverPid()).isNull();
    }

    @Test
    void shortFormIsSmallerAndByKindUnlessItIsToldOtherwise() {
        HostileSettings settings = settings("--short", "--duration=700ms");

        assertThat(settings.byKind()).isTrue();
        assertThat(settings.connections()).isEqualTo(500);
        assertThat(settings.duration()).isEqualTo(Duration.ofMillis(700));
        assertThat(settings.warmup()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void floodsAreChosenAndLimitsSet() {
        HostileSettings settings =
                settings("--only=s1,silent", "--ratio-max=3.5", "--heap-margin=10", "--sockets-margin=7");

        assertThat(settings.only()).containsExactly("s1", "silent");
        assertThat(settings.limits().p99Ratio()).isEqualTo(3.5);
        assertThat(settings.limits().heapMarginBytes()).isEqualTo(10 << 20);
        assertThat(settings.limits().socketsMargin()).isEqualTo(7);
    }

    private HostileSettings settings(String... arguments) {
        HostileCommand command =
                new HostileCommand(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--data=" + folder);
        new CommandLine(command)
                .registerConverter(Duration.class, HostileCommandTest::duration)
                .parseArgs(all.toArray(String[]::new));
        return command.settings(Clock.systemUTC());
    }

    private static Duration duration(String text) {
        return text.endsWith("ms")
                ? Duration.ofMillis(Long.parseLong(text.replace("ms", "")))
                : Duration.parse("PT" + text);
    }
}

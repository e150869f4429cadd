package chat.milena.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands as they are typed, up to what they print.
class CrowdCommandsTest {
    private static final String SHORT = " --warmup 200ms --settle 200ms --duration 500ms --tail 2s";

    @TempDir
    private Path folder = Path.of(".");

    private final FakeServer server = new FakeServer();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void idle() throws IOException {
        server.heartbeatMillis = 200;

        JsonNode json = run("bench idle --connections 20 --rest 100ms --hold 1s --server-pid "
                + ProcessHandle.current().pid());

        assertThat(json.path("connected").asInt()).isEqualTo(20);
        assertThat(json.path("memory").path("held").path("heapBytes").asLong()).isPositive();
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("20 of 20 connected in ")
                .contains("bytes a connection, after the hold against before: resident ")
                .contains("unanswered 0; refused 0, lost 0");
    }

    @Test
    void herd() throws IOException {
        server.resumes = true;
        server.returnsToRefuse.set(1);

        JsonNode json = run("bench herd --clients 12 --undisturbed 4 --rate 20" + SHORT);

        assertThat(json.path("comeback").path("resumed").asInt()).isEqualTo(12);
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("back 12 of 12, resumed 12; half after 0.")
                .contains("refused: the upgrade was refused with HTTP 429 (1 times)")
                .contains("until all were back")
                .contains("reconnects 12, resumed 12; while away 0 numbers passed unseen");
    }

    @Test
    void slow() throws IOException {
        JsonNode json = run("bench slow --size 4 --rate 20" + SHORT);

        assertThat(json.path("slow").path(1).path("ended").asText()).isEqualTo("still connected");
        assertThat(server.received).anyMatch(frame -> frame.length() > 1000);
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("the other 3 at 20/s, delivery")
                .contains("with it against without, means of both times: median ")
                .contains("the slow one: got ");
    }

    @Test
    void hostile() throws IOException {
        // Other classes run in this process at the same time: its memory, sockets and files say nothing here.
        JsonNode json = run("bench hostile --only silent,upgrades-bare,held-half-frames --users 4 --rate 20"
                + " --connections 20 --per-second 200 --warmup 200ms --duration 1s --settle 200ms --recovery 5s"
                + " --ratio-max 1000 --heap-margin 1000 --resident-margin 1000 --sockets-margin 10000"
                + " --handles-margin 10000 --server-pid "
                + ProcessHandle.current().pid());

        assertThat(json.path("rounds")).hasSize(3);
        assertThat(json.path("rounds")
                        .path(0)
                        .path("floods")
                        .path(0)
                        .path("held")
                        .asInt())
                .isPositive();
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("what the server did")
                .contains("upgrades-bare")
                .contains("of them sockets")
                .contains("the server held");
    }

    private JsonNode run(String line) throws IOException {
        Path secret = Files.writeString(
                folder.resolve("secret"),
                Base64.getUrlEncoder().withoutPadding().encodeToString(FakeServer.secret()));
        Path json = folder.resolve("result.json");
        List<String> arguments = new ArrayList<>(List.of(line.split(" ", -1)));
        arguments.addAll(List.of(
                "--url", server.url().toString(), "--secret-file", secret.toString(), "--json", json.toString()));
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

        int code = Main.commandLine(out).execute(arguments.toArray(String[]::new));

        assertThat(code).as(printed.toString(StandardCharsets.UTF_8)).isZero();
        return new ObjectMapper().readTree(json.toFile());
    }
}

package chat.milena.standalone.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.standalone.ChildJvm;
import chat.milena.standalone.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int INTERRUPT = 2;

    @TempDir
    Path folder;

    @Test
    void runStopsCleanlyOnRequestAndStartsAgainAfterAKill() throws Exception {
        try (ChildJvm first = up()) {
            awaitReady(first);
            first.terminate();
            assertThat(first.exitCode()).as("%s", first.lines()).isZero();
            assertThat(first.lines()).last().isEqualTo("stopping");
        }
        try (ChildJvm second = up()) {
            awaitReady(second);
            second.kill();
        }
        try (ChildJvm third = up()) {
            awaitReady(third);
            if (heedsInterrupt()) {
                third.interrupt();
            } else {
                third.terminate();
            }
            assertThat(third.exitCode()).as("%s", third.lines()).isZero();
            assertThat(third.lines()).last().isEqualTo("stopping");
        }
    }

    @Test
    void secondRunOnTheSameFolderIsRefusedAndHarmsNothing() throws Exception {
        try (ChildJvm first = up()) {
            awaitReady(first);
            try (ChildJvm second = up()) {
                assertThat(second.exitCode()).isEqualTo(1);
                assertThat(second.lines()).singleElement().asString().contains("in use by another run (process ");
            }
            assertThat(first.isAlive()).isTrue();
            first.terminate();
            assertThat(first.exitCode()).as("%s", first.lines()).isZero();
        }
    }

    @Test
    void requestToStopWhileStartingIsHeeded() throws Exception {
        try (ChildJvm run = up()) {
            await().atMost(PATIENCE).until(() -> run.printed("Milena"));
            run.terminate();
            assertThat(run.exitCode()).as("%s", run.lines()).isZero();
            assertThat(run.lines()).containsOnlyOnce("stopping");
        }
    }

    private ChildJvm up() throws IOException {
        return ChildJvm.start(Main.class, List.of("up", "--data", folder.toString(), "--port", "0"), Map.of());
    }

    private static void awaitReady(ChildJvm run) {
        await().atMost(PATIENCE).until(() -> run.printed("ready in") || !run.isAlive());
        assertThat(run.lines()).anyMatch(line -> line.startsWith("ready in"));
        assertThat(readyz(run)).isEqualTo(200);
    }

    /// Whether Ctrl-C means something here: what a shell starts in the background ignores it, and so do its children.
    private static boolean heedsInterrupt() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return false;
        }
        long ignored = Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .mapToLong(line -> Long.parseUnsignedLong(
                        line.substring("SigIgn:".length()).strip(), 16))
                .findFirst()
                .orElse(-1);
        return (ignored & 1L << (INTERRUPT - 1)) == 0;
    }

    /// What `/readyz` says, at the address that was printed.
    private static int readyz(ChildJvm run) {
        String rest = run.lines().stream()
                .map(String::strip)
                .filter(line -> line.startsWith("REST "))
                .findFirst()
                .orElseThrow();
        URI readyz = URI.create(rest.substring("REST ".length()).strip()).resolve("/readyz");
        HttpRequest request = HttpRequest.newBuilder(readyz)
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(PATIENCE)
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}

package chat.milena.standalone.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.standalone.ChildJvm;
import chat.milena.standalone.Main;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

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
            third.terminate();
            assertThat(third.exitCode()).as("%s", third.lines()).isZero();
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
    }
}

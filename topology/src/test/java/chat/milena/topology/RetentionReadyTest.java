package chat.milena.topology;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.streams.run.StateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionReadyTest {
    private static final Duration USUAL = Duration.ofDays(30);

    @TempDir
    Path folder;

    private Path streams;
    private Path state;

    @BeforeEach
    void makeState() throws IOException {
        streams = folder.resolve("streams");
        state = streams.resolve("milena-some").resolve("0_0").resolve("state");
    }

    private void writeState() throws IOException {
        Files.createDirectories(state.getParent());
        Files.writeString(state, "state");
    }

    @Test
    void stateStaysWhileTheRetentionDoes() throws IOException {
        RetentionReady.layOut(new StateFolder(streams), Duration.ofHours(1));
        writeState();

        RetentionReady.layOut(new StateFolder(streams), Duration.ofHours(1));

        assertThat(state).exists();
    }

    @Test
    void stateIsPutAwayWhenTheRetentionChangesAndOnlyThen() throws IOException {
        RetentionReady.layOut(new StateFolder(streams), Duration.ofHours(1));
        writeState();

        RetentionReady.layOut(new StateFolder(streams), USUAL);
        assertThat(streams.resolve("milena-some")).doesNotExist();

        writeState();
        RetentionReady.layOut(new StateFolder(streams), USUAL);
        assertThat(state).exists();
    }

    @Test
    void stateWithoutAMarkWasLaidOutForTheUsualRetention() throws IOException {
        writeState();

        RetentionReady.layOut(new StateFolder(streams), USUAL);
        assertThat(state).exists();

        Files.delete(streams.resolve("retention"));
        RetentionReady.layOut(new StateFolder(streams), Duration.ofDays(60));
        assertThat(state).doesNotExist();
    }
}

package chat.milena.streams.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFolderTest {
    @TempDir
    Path path;

    @Test
    void marksStayWhenStateIsPutAway() throws IOException {
        StateFolder folder = new StateFolder(path.resolve("streams"));
        folder.mark("log", "one");
        Path version = Files.writeString(folder.path().resolve("views-a.version"), "2");
        Path state = Files.createDirectories(
                folder.path().resolve("milena-views-a-v2").resolve("0_1"));
        assertThat(folder.hasState()).isTrue();

        folder.deleteState();

        assertThat(folder.hasState()).isFalse();
        assertThat(state).doesNotExist();
        assertThat(version).exists();
        assertThat(folder.mark("log")).isEqualTo("one");
    }

    @Test
    void folderThatIsNotThereHasNeitherStateNorMarks() throws IOException {
        StateFolder folder = new StateFolder(path.resolve("none"));

        folder.deleteState();

        assertThat(folder.hasState()).isFalse();
        assertThat(folder.mark("log")).isNull();
    }
}

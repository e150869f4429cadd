package chat.milena.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderSizeTest {
    @TempDir
    Path folder;

    @Test
    void everyFileCountsExceptKafkasIndexes() throws Exception {
        Path below = Files.createDirectories(folder.resolve("a/b"));
        Files.write(folder.resolve("00.log"), new byte[1_000]);
        Files.write(below.resolve("000012.sst"), new byte[234]);
        Files.write(below.resolve("00.timeindex"), new byte[10_000]);
        FolderSize size = new FolderSize(folder, Duration.ZERO);

        await().until(() -> size.bytes() == 1_234);
        Files.delete(folder.resolve("00.log"));
        await().until(() -> size.bytes() == 234);
    }

    @Test
    void folderIsNotReadAgainBeforeItsTime() throws Exception {
        FolderSize size = new FolderSize(folder, Duration.ofHours(1));
        await().until(() -> size.bytes() == 0);
        Files.write(folder.resolve("00.log"), new byte[1_000]);

        assertThat(size.bytes()).isZero();
    }
}

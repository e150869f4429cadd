package chat.milena.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFolderTest {
    @TempDir
    Path temporary;

    @Test
    void newFolderIsForItsOwnerOnly() throws IOException {
        Path folder = temporary.resolve("a/b");

        PrivateFolder.make(folder);

        assertThat(permissions(folder)).isEqualTo("rwx------");
    }

    @Test
    void openFolderIsClosedWithAllThatIsInItAndProgramsStayPrograms() throws IOException {
        Path folder = Files.createDirectories(temporary.resolve("kafka"));
        Path topic = Files.createDirectories(folder.resolve("chat.messages.v1-0"));
        Path log = Files.writeString(topic.resolve("0.log"), "x");
        Path program = Files.writeString(folder.resolve("redis-server"), "x");
        Path outside = Files.writeString(temporary.resolve("outside"), "x");
        Files.createSymbolicLink(folder.resolve("link"), outside);
        set(folder, "rwxr-xr-x");
        set(topic, "rwxrwxr-x");
        set(log, "rw-r--r--");
        set(program, "rwxr-xr-x");
        set(outside, "rw-r--r--");

        PrivateFolder.make(folder);

        assertThat(permissions(folder)).isEqualTo("rwx------");
        assertThat(permissions(topic)).isEqualTo("rwx------");
        assertThat(permissions(log)).isEqualTo("rw-------");
        assertThat(permissions(program)).isEqualTo("rwx------");
        assertThat(permissions(outside)).isEqualTo("rw-r--r--");
    }

    private static void set(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}

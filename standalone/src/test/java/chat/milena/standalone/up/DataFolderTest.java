package chat.milena.standalone.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import chat.milena.bench.cluster.ChildProcess;
import com.sun.security.auth.module.UnixSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataFolderTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path temporary;

    /// Holds a folder's lock until it is killed.
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws Exception {
            try (DataFolder.Lock lock = DataFolder.at(Path.of(arguments[0])).lock()) {
                System.out.println("locked " + lock.isHeld());
                new CountDownLatch(1).await();
            }
        }
    }

    @Test
    void folderIsMadeWithItsParents() throws DataFolderException {
        Path path = temporary.resolve("a b/c");

        DataFolder folder = DataFolder.at(path);

        assertThat(path).isDirectory();
        assertThat(folder.kafka()).isEqualTo(path.resolve("kafka"));
        assertThat(folder.streams()).isEqualTo(path.resolve("streams"));
    }

    @Test
    void folderInUseByAnotherProcessIsRefusedUntilThatDies() throws Exception {
        DataFolder folder = DataFolder.at(temporary.resolve("data"));
        try (ChildProcess holder =
                ChildProcess.start(Holder.class, List.of(folder.path().toString()), Map.of())) {
            await().atMost(PATIENCE).until(() -> holder.printed("locked"));

            assertThatExceptionOfType(DataFolderException.class)
                    .isThrownBy(folder::lock)
                    .withMessageContaining(folder.path().toString())
                    .withMessageContaining("in use by another run (process ");

            holder.kill();
        }
        try (DataFolder.Lock lock = folder.lock()) {
            assertThat(lock.isHeld()).isTrue();
        }
    }

    @Test
    void folderInUseByThisProcessIsRefused() throws Exception {
        DataFolder folder = DataFolder.at(temporary.resolve("data"));
        try (DataFolder.Lock lock = folder.lock()) {
            assertThat(lock.isHeld()).isTrue();
            assertThatExceptionOfType(DataFolderException.class)
                    .isThrownBy(folder::lock)
                    .withMessageContaining("in use by another run");
        }
    }

    @Test
    void foreignFolderIsRefusedAndLeftAlone() throws Exception {
        Path photo = Files.writeString(temporary.resolve("photo.jpg"), "x");

        assertThatExceptionOfType(DataFolderException.class)
                .isThrownBy(() -> DataFolder.at(temporary))
                .withMessageContaining("holds other files");
        try (var files = Files.list(temporary)) {
            assertThat(files).containsExactly(photo);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lost+found", ".Trash-1000", "@eaDir", ".zfs", "System Volume Information"})
    void whatAFileSystemMakesByItselfIsNotForeign(String name) throws Exception {
        Files.createDirectory(temporary.resolve(name));

        assertThat(DataFolder.at(temporary).path()).isEqualTo(temporary);
    }

    @Test
    void commaInThePathIsRefusedBeforeAnythingIsWritten() {
        Path path = temporary.resolve("a,b/data");

        assertThatExceptionOfType(DataFolderException.class)
                .isThrownBy(() -> DataFolder.at(path))
                .withMessageContaining("has a comma in its name");
        assertThat(temporary.resolve("a,b")).doesNotExist();
    }

    @Test
    void folderThatIsMadeIsClosedToOthersAndOneThatWasThereStaysAsItIs() throws Exception {
        Path old = Files.createDirectory(temporary.resolve("old"));
        Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rwxr-x---"));

        DataFolder.at(old);
        Path made = DataFolder.at(temporary.resolve("new")).path();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(old)))
                .isEqualTo("rwxr-x---");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                .isEqualTo("rwx------");
    }

    @Test
    void folderThatOthersMayWriteToIsRefused() throws Exception {
        Path open = Files.createDirectory(temporary.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThatThrownBy(() -> DataFolder.at(open))
                .isInstanceOf(DataFolderException.class)
                .hasMessageContaining("may write to the data folder " + open);
    }

    @Test
    void secretsThatOthersCouldReadAreClosedToThem() throws Exception {
        DataFolder folder = DataFolder.at(temporary.resolve("data"));
        folder.operatorSecret();
        folder.kafkaPassword();
        folder.pushKeys();
        List<Path> secrets = Stream.of("operator.secret", "kafka.password", "push.keys", "push.index")
                .map(folder.path()::resolve)
                .toList();
        for (Path secret : secrets) {
            Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
        }

        folder.operatorSecret();
        folder.kafkaPassword();
        folder.pushKeys();

        for (Path secret : secrets) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
                    .isEqualTo("rw-------");
        }
    }

    /// Only root may give a file away.
    @Test
    void secretOfAnotherUserIsRefused() throws Exception {
        DataFolder folder = DataFolder.at(temporary.resolve("data"));
        folder.tokenSecret();
        Path secret = folder.path().resolve("token.secret");
        assumeTrue(new UnixSystem().getUid() == 0);
        Files.setAttribute(secret, "unix:uid", 65_534);

        assertThatThrownBy(folder::tokenSecret)
                .isInstanceOf(DataFolderException.class)
                .hasMessageContaining("belongs to another user");
    }

    @Test
    void spoiltBrokerPasswordIsOneClearLine() throws Exception {
        Files.writeString(temporary.resolve("kafka.password"), "x\"; user_b=\"y");
        Files.writeString(temporary.resolve(".lock"), "");

        assertThatExceptionOfType(DataFolderException.class)
                .isThrownBy(() -> DataFolder.at(temporary).kafkaPassword())
                .withMessageContaining("does not hold a password of the broker")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("user_b"));
    }

    @Test
    void folderWithASecretIsOurs() throws Exception {
        DataFolder.at(temporary).tokenSecret();

        assertThat(DataFolder.at(temporary).path()).isEqualTo(temporary);
    }

    @Test
    void fileIsNoFolder() throws Exception {
        Path file = Files.writeString(temporary.resolve("file"), "x");

        assertThatExceptionOfType(DataFolderException.class)
                .isThrownBy(() -> DataFolder.at(file))
                .withMessageContaining("is not a folder");
        assertThatExceptionOfType(DataFolderException.class)
                .isThrownBy(() -> DataFolder.at(file.resolve("below")))
                .withMessageContaining(file.toString());
    }

    @Test
    void spoiltSecretIsOneClearLine() throws Exception {
        Files.writeString(temporary.resolve("token.secret"), "spoilt\nvery");

        assertThatExceptionOfType(DataFolderException.class)
                .isThrownBy(() -> DataFolder.at(temporary).tokenSecret())
                .withMessageContaining("does not hold a token secret")
                .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1));
    }
}

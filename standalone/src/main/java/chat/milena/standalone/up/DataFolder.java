package chat.milena.standalone.up;

import chat.milena.gateway.device.PushSetup;
import chat.milena.runtime.config.PrivateFolder;
import chat.milena.runtime.config.PushKeys;
import chat.milena.runtime.config.Secret;
import chat.milena.runtime.config.SecretFile;
import chat.milena.runtime.config.VapidKeys;
import chat.milena.runtime.token.TokenSecret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The folder of all data of a run: Kafka's logs, the state of Streams and the secrets.
///
/// Only the run that holds the [Lock] may use its Kafka and Streams folders. Everybody with access to the secrets
/// may use those. Immutable, safe for all threads.
public final class DataFolder {
    private static final String LOCK = ".lock";
    private static final String SECRET = "token.secret";
    private static final String OPERATOR_SECRET = "operator.secret";
    private static final String KAFKA_PASSWORD = "kafka.password";
    private static final String READER_PASSWORD = "kafka-reader.password";
    private static final String PUSH_KEYS = "push.keys";
    private static final String PUSH_INDEX = "push.index";
    private static final String VAPID_KEYS = "vapid.key";

    /// Files that a volume, a storage device or a desktop creates in a folder by itself.
    private static final Set<String> OF_FILE_SYSTEMS = Set.of(
            "lost+found",
            ".snapshot",
            ".snapshots",
            ".zfs",
            "@eaDir",
            "#snapshot",
            "#recycle",
            ".DS_Store",
            ".Spotlight-V100",
            ".Trashes",
            ".fseventsd",
            "System Volume Information",
            "$RECYCLE.BIN");

    /// With the number of a user appended.
    private static final String TRASH = ".Trash-";

    private static final int LOCK_TEXT_BYTES_MAX = 32;
    private static final int OTHERS_WRITE = 0002;
    private static final int STICKY = 01000;

    private final Path path;

    private DataFolder(Path path) {
        this.path = path;
    }

    /// The data folder at this path; created if it is missing.
    ///
    /// @throws DataFolderException if it cannot be used, or holds other files than ours
    public static DataFolder at(Path path) throws DataFolderException {
        Path folder = path.toAbsolutePath().normalize();
        if (folder.toString().contains(",")) {
            throw new DataFolderException(
                    "the data folder " + folder + " has a comma in its name, which Kafka reads as two folders");
        }
        try {
            if (!Files.isDirectory(folder)) {
                PrivateFolder.make(folder);
            }
            if (!isOurs(folder)) {
                throw new DataFolderException(folder + " holds other files: name an empty folder, or a new one");
            }
            if (othersMayReplaceFiles(folder)) {
                throw new DataFolderException("other users of this machine may write to the data folder " + folder
                        + " and replace its secrets: remove that permission (chmod o-w)");
            }
        } catch (FileAlreadyExistsException e) {
            throw new DataFolderException(folder + " is not a folder", e);
        } catch (IOException e) {
            throw new DataFolderException("cannot use the data folder " + folder + ": " + reason(e), e);
        }
        if (!Files.isWritable(folder)) {
            throw new DataFolderException("cannot write to the data folder " + folder);
        }
        return new DataFolder(folder);
    }

    /// The data folder at this path, which an earlier `up` created.
    ///
    /// @throws DataFolderException if it is missing, or cannot be used
    public static DataFolder existing(Path path) throws DataFolderException {
        Path folder = path.toAbsolutePath().normalize();
        if (!Files.exists(folder.resolve(SECRET))) {
            throw new DataFolderException(
                    "there is no data folder at " + folder + ": pass the folder of the `up` with --data");
        }
        return at(folder);
    }

    public Path path() {
        return path;
    }

    /// The folder of the broker's logs.
    public Path kafka() {
        return path.resolve("kafka");
    }

    /// The folder of Streams' stores.
    public Path streams() {
        return path.resolve("streams");
    }

    /// The folder of the embedded Redis' program and configuration; both can be made again.
    public Path redis() {
        return path.resolve("redis");
    }

    /// The folder of unpacked native libraries; they can be unpacked again.
    public Path natives() {
        return path.resolve("native");
    }

    /// The file with the address at which the operator's tools reach the run.
    public Path internalUrl() {
        return path.resolve("internal.url");
    }

    /// The secret of this installation's tokens, created once; hosts hold it too.
    public TokenSecret tokenSecret() throws DataFolderException {
        return secret("the token secret", SECRET, TokenSecret::loadOrCreate);
    }

    /// The secret of this installation's operator, created once; no host holds it. It signs tokens that may exempt
    /// from rates. The proofs that processes send to each other or to themselves are derived from it.
    public TokenSecret operatorSecret() throws DataFolderException {
        return secret("the operator's secret", OPERATOR_SECRET, TokenSecret::loadOrCreate);
    }

    /// The password of this folder's broker, created at the first request if it is missing. Only present
    /// connections depend on it, so it may be deleted while nothing runs.
    public Secret kafkaPassword() throws DataFolderException {
        return password("the broker's password", KAFKA_PASSWORD);
    }

    /// The password with which other machines read this folder's broker. Created as the one above.
    public Secret readerPassword() throws DataFolderException {
        return password("the readers' password", READER_PASSWORD);
    }

    private Secret password(String what, String name) throws DataFolderException {
        return secret(what, name, file -> {
            String password = SecretFile.readOrCreate(file, SecretFile::randomPassword);
            // Other characters may have a special meaning within the quotes of Kafka's login configuration.
            if (!password.matches("[A-Za-z0-9_-]{32,512}")) {
                throw new IOException(
                        file + " does not hold a password of the broker: delete it, and a new one is created");
            }
            return new Secret(password);
        });
    }

    /// The file of the keys of Web Push.
    public Path vapidKeyFile() {
        return path.resolve(VAPID_KEYS);
    }

    /// The keys of Web Push, created once.
    public VapidKeys vapidKeys() throws DataFolderException {
        return secret("the keys of Web Push", VAPID_KEYS, VapidKeys::loadOrCreate);
    }

    /// The keys that push registrations are encrypted with, created once.
    public PushKeys pushKeys() throws DataFolderException {
        return secret("the push keys", PUSH_KEYS, file -> PushKeys.loadOrCreate(file, path.resolve(PUSH_INDEX)));
    }

    /// The keys of push, which are made when they are first needed.
    public PushSetup.UsualKeys usualKeys() {
        return new PushSetup.UsualKeys() {
            @Override
            public PushKeys pushKeys() throws IOException {
                try {
                    return DataFolder.this.pushKeys();
                } catch (DataFolderException e) {
                    throw new IOException(e.getMessage(), e);
                }
            }

            @Override
            public VapidKeys vapidKeys() throws IOException {
                try {
                    return DataFolder.this.vapidKeys();
                } catch (DataFolderException e) {
                    throw new IOException(e.getMessage(), e);
                }
            }
        };
    }

    private interface SecretReader<T> {
        T read(Path file) throws IOException;
    }

    private <T> T secret(String what, String name, SecretReader<T> reader) throws DataFolderException {
        Path file = path.resolve(name);
        try {
            return reader.read(file);
        } catch (FileSystemException e) {
            throw new DataFolderException("cannot use " + what + " " + file + ": " + reason(e), e);
        } catch (IOException e) {
            throw new DataFolderException(String.valueOf(e.getMessage()), e);
        }
    }

    /// Locks the folder for this run. The lock ends with the process, however that ends.
    ///
    /// @throws DataFolderException if another run holds the lock
    public Lock lock() throws DataFolderException {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(
                    path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                String owner = read(channel);
                channel.close();
                throw inUse(owner);
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)),
                    0);
            return new Lock(channel);
        } catch (OverlappingFileLockException e) {
            closeQuietly(channel);
            throw inUse("");
        } catch (IOException e) {
            closeQuietly(channel);
            throw new DataFolderException("cannot lock the data folder " + path + ": " + reason(e), e);
        }
    }

    private DataFolderException inUse(String owner) {
        String by = owner.matches("[0-9]+") ? " (process " + owner + ")" : "";
        return new DataFolderException("the data folder " + path + " is in use by another run" + by);
    }

    /// Under the sticky bit everybody may add files, but only owners may replace theirs.
    private static boolean othersMayReplaceFiles(Path folder) throws IOException {
        int mode = (int) Files.getAttribute(folder, "unix:mode");
        return (mode & OTHERS_WRITE) != 0 && (mode & STICKY) == 0;
    }

    private static boolean isOurs(Path folder) throws IOException {
        for (String ours : List.of(SECRET, OPERATOR_SECRET, LOCK)) {
            if (Files.exists(folder.resolve(ours))) {
                return true;
            }
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .allMatch(name -> OF_FILE_SYSTEMS.contains(name) || name.startsWith(TRASH));
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(LOCK_TEXT_BYTES_MAX);
        channel.read(text, 0);
        return new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII).strip();
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // The earlier failure is the one to report.
        }
    }

    /// Drops the file's name, since our own message has it; the rest names the cause.
    private static String reason(IOException e) {
        if (e instanceof FileSystemException f && f.getReason() != null) {
            return f.getReason();
        }
        if (!(e instanceof FileSystemException) && e.getMessage() != null) {
            return e.getMessage();
        }
        String kind = e.getClass().getSimpleName().replace("Exception", "");
        return kind.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }

    /// The lock of a run on the folder, held until it is closed or the process ends.
    public static final class Lock implements AutoCloseable {
        private final FileChannel channel;

        private Lock(FileChannel channel) {
            this.channel = channel;
        }

        /// Whether it is still held.
        public boolean isHeld() {
            return channel.isOpen();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}

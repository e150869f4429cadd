package chat.milena.standalone.up;

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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The folder that holds everything a run leaves behind: Kafka's logs, the state of Streams and the secrets.
///
/// One run at a time may use its Kafka and Streams folders: who holds the [Lock]. The secrets are for everyone who may
/// read them. Immutable, safe for all threads.
public final class DataFolder {
    private static final String LOCK = ".lock";
    private static final String SECRET = "token.secret";
    private static final String OPERATOR_SECRET = "operator.secret";
    private static final int LOCK_TEXT_BYTES_MAX = 32;

    private final Path path;

    private DataFolder(Path path) {
        this.path = path;
    }

    /// The data folder at this path, made if there is none.
    ///
    /// @throws DataFolderException if it cannot be used, or holds something that is not ours
    public static DataFolder at(Path path) throws DataFolderException {
        Path folder = path.toAbsolutePath().normalize();
        try {
            Files.createDirectories(folder);
            if (!isOurs(folder)) {
                throw new DataFolderException(folder + " holds something else: name an empty folder, or a new one");
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

    public Path path() {
        return path;
    }

    /// Where the broker keeps its logs.
    public Path kafka() {
        return path.resolve("kafka");
    }

    /// Where Streams keeps its stores.
    public Path streams() {
        return path.resolve("streams");
    }

    /// Where the embedded Redis has its program and its configuration; nothing of it is kept.
    public Path redis() {
        return path.resolve("redis");
    }

    /// Where a run writes the address at which the operator's tools reach it.
    public Path internalUrl() {
        return path.resolve("internal.url");
    }

    /// The secret of this installation's tokens, made once; hosts hold it too.
    public TokenSecret tokenSecret() throws DataFolderException {
        return secret("token", SECRET);
    }

    /// The secret of this installation's operator, made once; no host holds it. It signs tokens that may exempt from
    /// rates, and what processes prove to each other or to themselves is derived from it.
    public TokenSecret operatorSecret() throws DataFolderException {
        return secret("operator's", OPERATOR_SECRET);
    }

    private TokenSecret secret(String whose, String name) throws DataFolderException {
        Path file = path.resolve(name);
        try {
            return TokenSecret.loadOrCreate(file);
        } catch (FileSystemException e) {
            throw new DataFolderException("cannot use the " + whose + " secret " + file + ": " + reason(e), e);
        } catch (IOException e) {
            throw new DataFolderException(String.valueOf(e.getMessage()), e);
        }
    }

    /// Takes the folder for this run. The lock ends with the process, however it ends.
    ///
    /// @throws DataFolderException if another run has it
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

    private static boolean isOurs(Path folder) throws IOException {
        for (String ours : List.of(SECRET, OPERATOR_SECRET, LOCK)) {
            if (Files.exists(folder.resolve(ours))) {
                return true;
            }
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
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
            // The failure that led here is the one to tell.
        }
    }

    /// The file's name is in our own message; the rest says what is wrong.
    private static String reason(IOException e) {
        if (e instanceof FileSystemException f && f.getReason() != null) {
            return f.getReason();
        }
        String kind = e.getClass().getSimpleName().replace("Exception", "");
        return kind.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }

    /// That this run has the folder, until it is closed or the process ends.
    public static final class Lock implements AutoCloseable {
        private final FileChannel channel;

        private Lock(FileChannel channel) {
            this.channel = channel;
        }

        /// Whether it has not been given back.
        public boolean isHeld() {
            return channel.isOpen();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}

package chat.milena.runtime.config;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import java.util.function.Supplier;

/// Files that hold secrets. Each is readable by its owner only, from the moment it exists.
public final class SecretFile {
    private static final int FILE_BYTES_MAX = 4_096;
    private static final int PASSWORD_BYTES = 32;
    private static final long ROOT = 0;
    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rw-------");
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(OWNER);

    private SecretFile() {}

    /// The content of the file, stripped of surrounding whitespace.
    ///
    /// @throws IOException if it cannot be read, or is too long for a secret; the message never holds its content
    public static String read(Path file) throws IOException {
        if (Files.size(file) > FILE_BYTES_MAX) {
            throw new IOException(file + " is too long for a secret");
        }
        // Latin-1 decodes any byte, so the caller rejects odd content and not the reader.
        return Files.readString(file, StandardCharsets.ISO_8859_1).strip();
    }

    /// The content of the file. If the file does not exist, it is made with the text from `fresh`. If several
    /// processes do so at the same time, one makes the file and all get the same text. A file that others could
    /// read, such as after a restore, is closed to them.
    ///
    /// @throws IOException also if the file belongs to another user of this machine, who may have written it
    public static String readOrCreate(Path file, Supplier<String> fresh) throws IOException {
        if (!Files.exists(file)) {
            Path whole = written(file, fresh.get());
            try {
                // A link appears with all of its content or not at all, and never replaces what another process
                // wrote.
                Files.createLink(file, whole);
            } catch (FileAlreadyExistsException e) {
                // Another process was first; its secret counts.
            } finally {
                Files.deleteIfExists(whole);
            }
        }
        close(file);
        return read(file);
    }

    /// A file of root may come from a restore; this process may lack the right to change its mode.
    private static void close(Path file) throws IOException {
        long owner = ((Number) Files.getAttribute(file, "unix:uid")).longValue();
        long self = new UnixSystem().getUid();
        if (owner != self && owner != ROOT) {
            throw new IOException(file + " belongs to another user of this machine (uid " + owner + ")");
        }
        if (owner == self && !Files.getPosixFilePermissions(file).equals(OWNER)) {
            Files.setPosixFilePermissions(file, OWNER);
        }
    }

    /// Writes the text and replaces the previous content.
    public static void write(Path file, String text) throws IOException {
        Path whole = written(file, text);
        try {
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(whole);
        }
    }

    /// A new random password of 256 bits, in letters that need no quoting.
    public static String randomPassword() {
        byte[] password = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(password);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(password);
    }

    private static Path written(Path beside, String text) throws IOException {
        Path file = Files.createTempFile(
                beside.toAbsolutePath().getParent(), beside.getFileName() + ".", ".tmp", OWNER_ONLY);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap((text.strip() + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        return file;
    }
}

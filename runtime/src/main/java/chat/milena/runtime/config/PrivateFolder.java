package chat.milena.runtime.config;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/// Folders that only their owner may enter.
public final class PrivateFolder {
    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwx------");

    private PrivateFolder() {}

    /// Makes the folder and its parents if they do not exist. Closes a folder that others could enter, with
    /// everything below it. The walk happens once: what is below a closed folder is out of reach.
    public static void make(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Path parent = folder.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(FOLDER));
        } else if (!Files.getPosixFilePermissions(folder).equals(FOLDER)) {
            closeAll(folder);
        }
    }

    /// Closes the folder to others, and with it everything below.
    public static void close(Path folder) throws IOException {
        Files.setPosixFilePermissions(folder, FOLDER);
    }

    private static void closeAll(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile()) {
                    closeOne(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException e) throws IOException {
                closeOne(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void closeOne(Path path) throws IOException {
        Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(path));
        if (permissions.retainAll(FOLDER)) {
            Files.setPosixFilePermissions(path, permissions);
        }
    }
}

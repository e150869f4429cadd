package chat.milena.streams.run;

import chat.milena.runtime.config.PrivateFolder;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The state of the applications of a process, one folder each, and beside it marks that say what the state was
/// built for. State can be deleted at any start: it is built again from the log.
///
/// A mark changes after the state that it describes, so that a crash in between repeats the step.
public final class StateFolder {
    private final Path path;

    public StateFolder(Path path) {
        this.path = path;
    }

    /// The path of the folder.
    public Path path() {
        return path;
    }

    /// The text of a mark; null if it does not exist.
    public @Nullable String mark(String name) throws IOException {
        try {
            return Files.readString(path.resolve(name)).strip();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /// Sets a mark atomically.
    public void mark(String name, String text) throws IOException {
        PrivateFolder.make(path);
        Path mark = path.resolve(name);
        Path written = path.resolve(name + ".new");
        Files.writeString(written, text + "\n");
        try {
            Files.move(written, mark, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(written, mark, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /// Whether an application has state here.
    public boolean hasState() throws IOException {
        return !applications().isEmpty();
    }

    /// Deletes the state of all applications; marks stay.
    public void deleteState() throws IOException {
        for (Path application : applications()) {
            delete(application);
        }
    }

    private List<Path> applications() throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(path)) {
            return entries.filter(Files::isDirectory)
                    .filter(entry -> entry.getFileName().toString().startsWith(StreamsService.APPLICATION_PREFIX))
                    .toList();
        }
    }

    private static void delete(Path tree) throws IOException {
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}

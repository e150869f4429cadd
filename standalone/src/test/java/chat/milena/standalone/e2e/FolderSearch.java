package chat.milena.standalone.e2e;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.Record;
import org.jspecify.annotations.Nullable;

/// Looks for a text in all files of a data folder, while it is used. Logs of Kafka are read record by record, since
/// their batches may be compressed; all other files are looked through as they are: Kafka Streams keeps RocksDB from
/// compressing, which a text that is kept shows.
final class FolderSearch {
    private final Path folder;

    FolderSearch(Path folder) {
        this.folder = folder;
    }

    /// The folders of the files that hold it, below the searched one: of a log, its topic; of a store, its path.
    Set<String> placesOf(String text) throws IOException {
        byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
        Set<String> places = new TreeSet<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile() && holds(file, wanted)) {
                    String place = folder.relativize(file.getParent()).toString();
                    // Partitions of a topic are one place.
                    places.add(place.startsWith("kafka/") ? place.replaceFirst("-\\d+$", "") : place);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }
        });
        return places;
    }

    private static boolean holds(Path file, byte[] wanted) throws IOException {
        try {
            return (file.toString().contains(".log") && !file.toString().contains("/streams/"))
                    ? inLog(file.toFile(), wanted)
                    : holds(ByteBuffer.wrap(Files.readAllBytes(file)), wanted);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static boolean inLog(File file, byte[] wanted) throws IOException {
        try (FileRecords records = FileRecords.open(file, false)) {
            for (Record record : records.records()) {
                if (holds(record.key(), wanted) || holds(record.value(), wanted)) {
                    return true;
                }
            }
            return false;
        }
    }

    private static boolean holds(@Nullable ByteBuffer bytes, byte[] wanted) {
        if (bytes == null) {
            return false;
        }
        for (int at = bytes.position(); at <= bytes.limit() - wanted.length; at++) {
            int same = 0;
            while (same < wanted.length && bytes.get(at + same) == wanted[same]) {
                same++;
            }
            if (same == wanted.length) {
                return true;
            }
        }
        return false;
    }
}

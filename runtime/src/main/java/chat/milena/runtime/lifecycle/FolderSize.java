package chat.milena.runtime.lifecycle;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The bytes of the files below a folder, as `milena.data.bytes`. A scrape gets the sum of the last walk, and starts
/// the next one if that is a minute old; the walk has a thread of its own. Safe for all threads.
///
/// Kafka's index files are left out: an empty one seems to have ten megabytes.
///
/// **Bound.** One walk at a time; it ends at [#FILES_MAX] files, and the sum is then that of those.
public final class FolderSize {
    private static final Logger LOG = LoggerFactory.getLogger(FolderSize.class);
    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final int FILES_MAX = 500_000;
    private static final String INDEX = "index";

    private final Path folder;
    private final long everyNanos;
    private final AtomicBoolean walking = new AtomicBoolean();
    private volatile double bytes = Double.NaN;
    private volatile long walkedNanos;

    FolderSize(Path folder, Duration every) {
        this.folder = folder;
        this.everyNanos = every.toNanos();
        this.walkedNanos = System.nanoTime() - everyNanos;
    }

    /// Shows the size of a folder.
    ///
    /// @param part the name of the folder among the data of the process
    public static void bind(String part, Path folder, MeterRegistry meters) {
        FolderSize size = new FolderSize(folder, EVERY);
        Gauge.builder("milena.data.bytes", size::bytes)
                .description("Bytes of the files of this process, at most a minute ago")
                .tag("part", part)
                .register(meters);
    }

    /// The bytes, not a number before the first walk has ended.
    double bytes() {
        if (System.nanoTime() - walkedNanos >= everyNanos && walking.compareAndSet(false, true)) {
            Thread.ofVirtual().name("folder-size").start(this::walk);
        }
        return bytes;
    }

    private void walk() {
        Sum sum = new Sum();
        try {
            Files.walkFileTree(folder, sum);
            bytes = sum.bytes;
        } catch (IOException e) {
            LOG.debug("The size of {} is not known: {}", folder, e.toString());
        } finally {
            walkedNanos = System.nanoTime();
            walking.set(false);
        }
    }

    private static final class Sum extends SimpleFileVisitor<Path> {
        private long bytes;
        private int files;

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (!file.toString().endsWith(INDEX)) {
                bytes += attributes.size();
            }
            files++;
            return files < FILES_MAX ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
        }

        /// It was deleted meanwhile.
        @Override
        public FileVisitResult visitFileFailed(Path file, IOException error) {
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path visited, IOException error) {
            return FileVisitResult.CONTINUE;
        }
    }
}

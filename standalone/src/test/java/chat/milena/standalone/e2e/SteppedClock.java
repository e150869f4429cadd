package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/// A clock that a test sets under a process that runs, and under those that it starts: by a library that is loaded into
/// them before all others. It is compiled where it is used, so it takes Linux and a C compiler.
final class SteppedClock {
    private static final String SOURCE = "stepped-clock.c";

    private final Path movedBy;
    private final Path library;

    SteppedClock() {
        try {
            Path folder = Files.createTempDirectory("milena-clock");
            movedBy = folder.resolve("moved-by");
            library = folder.resolve("stepped-clock.so");
            compile(folder.resolve(SOURCE));
            List.of(movedBy, library, folder.resolve(SOURCE), folder)
                    .reversed()
                    .forEach(path -> path.toFile().deleteOnExit());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        moveTo(Duration.ZERO);
    }

    private void compile(Path source) throws IOException {
        try (InputStream in = Objects.requireNonNull(SteppedClock.class.getResourceAsStream(SOURCE))) {
            Files.copy(in, source);
        }
        Process compiler = new ProcessBuilder(
                        "cc", "-shared", "-fPIC", "-o", library.toString(), source.toString(), "-ldl")
                .inheritIO()
                .start();
        assertThat(compiler.onExit().join().exitValue()).as("cc %s", SOURCE).isZero();
    }

    /// Whether there can be one on this machine.
    static boolean isPossible() {
        try {
            return System.getProperty("os.name").equals("Linux")
                    && new ProcessBuilder("cc", "--version")
                                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                    .start()
                                    .waitFor()
                            == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Has this process go by it from its next start on.
    RunningMilena under(RunningMilena milena) {
        return milena.with("LD_PRELOAD", library.toString()).with("MOVED_CLOCK", movedBy.toString());
    }

    /// Sets it to the machine's clock and this.
    void moveTo(Duration by) {
        ByteBuffer millis =
                ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(0, by.toMillis());
        try (FileChannel file = FileChannel.open(movedBy, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.write(millis, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

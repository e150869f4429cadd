package chat.milena.standalone;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/// A JVM of its own with this test's classes, for what must be killed or must be another process. It ends with
/// this one, also when this one is killed.
public final class ChildJvm implements AutoCloseable {
    private final Process process;
    private final Thread reader;
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    private ChildJvm(Process process) {
        this.process = process;
        this.reader = Thread.ofVirtual().start(this::read);
    }

    /// Starts a main class; what it prints, on either stream, can be asked for.
    public static ChildJvm start(Class<?> main, List<String> arguments, Map<String, String> environment)
            throws IOException {
        return start(List.of(), main, arguments, environment);
    }

    /// As above, by another command that becomes it.
    public static ChildJvm start(
            List<String> by, Class<?> main, List<String> arguments, Map<String, String> environment)
            throws IOException {
        List<String> command = new ArrayList<>(by);
        command.addAll(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                WatchedMain.class.getName(),
                main.getName()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("MILENA_"));
        builder.environment().putAll(environment);
        return new ChildJvm(builder.start());
    }

    /// What it has printed so far.
    public List<String> lines() {
        return List.copyOf(lines);
    }

    public boolean printed(String text) {
        return lines.stream().anyMatch(line -> line.contains(text));
    }

    /// Asks it to end, as `kill` does.
    public void terminate() {
        // Not by the process itself, which would close its output as well.
        process.toHandle().destroy();
    }

    /// Asks it to end, as Ctrl-C does.
    public void interrupt() throws IOException, InterruptedException {
        signal("INT");
    }

    /// Ends it as a crash does, and returns when it is gone.
    public void kill() throws InterruptedException {
        process.toHandle().destroyForcibly();
        exitCode();
    }

    public long pid() {
        return process.pid();
    }

    /// Stops it as a machine that stalls does, until [#thaw()].
    public void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    /// Lets it go on.
    public void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start();
        if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
            throw new IOException("no signal " + name + " to " + process.pid());
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /// Waits for its end, and for the end of what it prints.
    public int exitCode() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("still running; it printed: " + lines);
        }
        reader.join(Duration.ofSeconds(10));
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private void read() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            reader.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException e) {
            lines.add("(its output broke off: " + e.getMessage() + ")");
        }
    }
}

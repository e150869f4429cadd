package chat.milena.bench.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/// A process of its own, for what must be killed or must be another process. It ends with this one, also when this one
/// is killed.
public final class ChildProcess implements AutoCloseable {
    private static final int LINES_MAX = 20_000;
    private static final int END_WITHIN_SECONDS = 180;
    private static final List<String> USUAL_OPTIONS = List.of("-Xmx512m", "-XX:TieredStopAtLevel=1");

    private final Process process;
    private final Thread reader;
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    /// Of the thread that reads.
    private int kept;

    private ChildProcess(Process process) {
        this.process = process;
        this.reader = Thread.ofVirtual().start(this::read);
    }

    /// How a JVM is started.
    ///
    /// @param by the words of a command that becomes the JVM; none for the JVM itself
    /// @param options of the JVM
    /// @param environment beside that of this process, without its settings of Milena
    public record Launch(
            List<String> by,
            List<String> options,
            String classPath,
            String main,
            List<String> arguments,
            Map<String, String> environment) {
        public Launch {
            by = List.copyOf(by);
            options = List.copyOf(options);
            arguments = List.copyOf(arguments);
            environment = Map.copyOf(environment);
        }
    }

    /// Starts a main class of this class path; what it prints, on either stream, can be asked for.
    public static ChildProcess start(Class<?> main, List<String> arguments, Map<String, String> environment)
            throws IOException {
        return start(List.of(), main, arguments, environment);
    }

    /// As above, by another command that becomes it.
    public static ChildProcess start(
            List<String> by, Class<?> main, List<String> arguments, Map<String, String> environment)
            throws IOException {
        return start(new Launch(
                by, USUAL_OPTIONS, System.getProperty("java.class.path"), main.getName(), arguments, environment));
    }

    public static ChildProcess start(Launch launch) throws IOException {
        List<String> command = new ArrayList<>(launch.by);
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(launch.options);
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                launch.classPath,
                WatchedMain.class.getName(),
                launch.main));
        command.addAll(launch.arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("MILENA_"));
        builder.environment().putAll(launch.environment);
        Process process = builder.start();
        watch(process);
        return new ChildProcess(process);
    }

    /// Starts a program that is no JVM.
    public static ChildProcess program(List<String> command, Path folder) throws IOException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        watch(process);
        return new ChildProcess(process);
    }

    /// A shell beside it ends it when this process is gone, also while it is stopped and notices nothing itself.
    @SuppressWarnings("FutureReturnValueIgnored") // Ends with the process.
    private static void watch(Process process) throws IOException {
        String end = "read -r line; kill -9 \"$0\" 2>/dev/null";
        Process shell = new ProcessBuilder("/bin/sh", "-c", end, Long.toString(process.pid()))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        // Before another process may have its id.
        process.onExit().thenRun(shell::destroyForcibly);
    }

    /// What it has printed so far, at most its last lines.
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

    /// Lets it continue.
    public void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    /// From now on the system refuses all that it writes to files, as a full disk does. Linux alone has the program
    /// that does this.
    public void refuseWrites() throws IOException, InterruptedException {
        limitFiles("0:unlimited");
    }

    /// Its files take writes again, if it has not ended.
    public void acceptWrites() throws IOException, InterruptedException {
        if (isAlive()) {
            limitFiles("unlimited");
        }
    }

    private void limitFiles(String limit) throws IOException, InterruptedException {
        run(List.of("prlimit", "--pid", Long.toString(process.pid()), "--fsize=" + limit), false);
    }

    private void signal(String name) throws IOException, InterruptedException {
        run(List.of("kill", "-" + name, Long.toString(process.pid())), false);
    }

    /// Runs a short program to its end.
    ///
    /// @param mayFail whether its exit code does not matter
    /// @return what it printed, which must be little
    static String run(List<String> command, boolean mayFail) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", command) + " does not end");
        }
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.exitValue() != 0 && !mayFail) {
            throw new IOException(String.join(" ", command) + " failed: " + printed);
        }
        return printed;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /// Waits for its end, and for the end of what it prints.
    public int exitCode() throws InterruptedException {
        if (!process.waitFor(END_WITHIN_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("still running; it printed: " + lines);
        }
        reader.join(Duration.ofSeconds(10));
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private void keep(String line) {
        lines.add(line);
        if (++kept > LINES_MAX) {
            kept--;
            lines.poll();
        }
    }

    private void read() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            reader.lines().forEach(this::keep);
        } catch (IOException | UncheckedIOException e) {
            lines.add("(its output broke off: " + e.getMessage() + ")");
        }
    }
}

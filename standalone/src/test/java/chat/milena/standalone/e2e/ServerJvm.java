package chat.milena.standalone.e2e;

import chat.milena.bench.cluster.ChildProcess;
import chat.milena.bench.cluster.ServerPrograms;
import chat.milena.standalone.Main;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Starts programs of the server for tests. Before the first one, a server starts and stops to write an archive of its
/// classes, with which the others start with a quarter less work. Used by one thread.
public final class ServerJvm {
    private static final List<String> CLASS_PATH = ServerPrograms.ofThisProcess().classPath().stream()
            .filter(entry -> !entry.isEmpty())
            .toList();

    private static final Map<String, String> QUIET =
            Map.of("MILENA_LOG_LEVEL", "ERROR", "MILENA_LOG_LEVEL_OTHERS", "ERROR");

    private static final Path ARCHIVE = Path.of(
                    "target", "server-" + ProcessHandle.current().pid() + ".jsa")
            .toAbsolutePath();

    /// The JVM archives classes of jars, and none of folders. Maven's end-to-end tests have jars alone.
    private static boolean mayArchive = CLASS_PATH.stream().allMatch(entry -> entry.endsWith(".jar"));

    private static List<String> sharing = List.of();

    private ServerJvm() {}

    /// Starts one, which logs errors alone.
    public static ChildProcess start(List<String> arguments, Map<String, String> environment) throws IOException {
        return start(List.of(), arguments, environment);
    }

    /// The same, by the words of another command that becomes it.
    static ChildProcess start(List<String> by, List<String> arguments, Map<String, String> environment)
            throws IOException {
        archiveOnce();
        List<String> options = new ArrayList<>(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1"));
        options.addAll(sharing);
        Map<String, String> all = new HashMap<>(QUIET);
        all.putAll(environment);
        return ChildProcess.start(new ChildProcess.Launch(
                by, options, String.join(File.pathSeparator, CLASS_PATH), Main.class.getName(), arguments, all));
    }

    private static void archiveOnce() throws IOException {
        if (!mayArchive) {
            return;
        }
        mayArchive = false;
        ARCHIVE.toFile().deleteOnExit();
        sharing = List.of("-XX:ArchiveClassesAtExit=" + ARCHIVE);
        RunningMilena first = new RunningMilena();
        boolean written = false;
        try {
            first.start();
            written = first.stop().exitCode() == 0;
            first.remove();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // Without remarks of the JVM on the archive, which would be among the lines that programs print.
        sharing = written ? List.of("-XX:SharedArchiveFile=" + ARCHIVE, "-Xlog:cds=off") : List.of();
    }
}

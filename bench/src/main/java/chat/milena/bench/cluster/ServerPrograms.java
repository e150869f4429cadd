package chat.milena.bench.cluster;

import chat.milena.bench.client.UsageFailure;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/// The programs of a cluster, by the class path of a server: its commands, Kafka's own, and a Redis.
///
/// @param classPath entries with the commands of the server and all that they need
public record ServerPrograms(List<String> classPath) {
    /// The launcher passes the class path of the server here.
    public static final String PROPERTY = "milena.server.classpath";

    private static final String MILENA = "chat.milena.standalone.Main";
    private static final String OURS = "milena-";
    private static final String REDIS = "redis-server";

    /// Short-lived processes that share two processors: little compiling, and small heaps without helping threads.
    private static final List<String> SMALL =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:CICompilerCount=1", "-Xshare:auto");

    public ServerPrograms {
        classPath = List.copyOf(classPath);
    }

    /// Those of the class path that the launcher passes, else of this process, without classes of tests.
    public static ServerPrograms ofThisProcess() {
        String given = System.getProperty(PROPERTY, System.getProperty("java.class.path"));
        return new ServerPrograms(Stream.of(given.split(File.pathSeparator, -1))
                .filter(entry -> !entry.endsWith("test-classes"))
                .toList());
    }

    /// Those of a checkout, as its launcher has built them.
    public static ServerPrograms ofCheckout(Path checkout) {
        Path built = checkout.resolve("standalone/target");
        try (Stream<Path> own = Files.list(built);
                Stream<Path> libraries = Files.list(built.resolve("lib"))) {
            List<String> classPath = Stream.concat(
                            own.filter(
                                    file -> String.valueOf(file.getFileName()).startsWith("milena-standalone-")),
                            libraries.sorted())
                    .map(Path::toString)
                    .filter(file -> file.endsWith(".jar"))
                    .toList();
            return new ServerPrograms(classPath);
        } catch (IOException e) {
            throw new UsageFailure(checkout + " holds no programs: build them by its ./milena (" + e + ")");
        }
    }

    ChildProcess milena(List<String> arguments, Map<String, String> environment, int heapMebibytes) throws IOException {
        return jvm(List.of(), classPath, MILENA, arguments, environment, heapMebibytes);
    }

    /// One of Kafka's own programs, with nothing of ours but what ends it with this process.
    ///
    /// @param by the words of a command that becomes it, if there are any
    /// @param further entries of its class path
    ChildProcess kafka(List<String> by, String main, List<String> arguments, List<String> further, int heapMebibytes)
            throws IOException {
        List<String> jars = classPath.stream()
                .filter(entry -> entry.endsWith(".jar"))
                .filter(entry -> !String.valueOf(Path.of(entry).getFileName()).startsWith(OURS))
                .collect(Collectors.toCollection(ArrayList::new));
        if (jars.stream().noneMatch(jar -> jar.contains("kafka-server"))) {
            throw new UsageFailure("the class path of the server holds no Kafka: run this by the launcher, ./milena");
        }
        jars.addAll(further);
        return jvm(by, jars, main, arguments, Map.of(), heapMebibytes);
    }

    private static ChildProcess jvm(
            List<String> by,
            List<String> entries,
            String main,
            List<String> arguments,
            Map<String, String> environment,
            int heapMebibytes)
            throws IOException {
        List<String> options = new ArrayList<>(SMALL);
        options.add("-Xmx" + heapMebibytes + "m");
        List<String> all = new ArrayList<>(entries);
        all.add(ours());
        return ChildProcess.start(new ChildProcess.Launch(
                by, options, String.join(File.pathSeparator, all), main, arguments, environment));
    }

    /// Where the classes of this module are.
    private static String ours() {
        try {
            return Path.of(WatchedMain.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The Redis of this machine, else the one that the server brings along.
    ///
    /// @param folder where that one is unpacked
    Path redis(Path folder) throws IOException {
        String path = System.getenv("PATH");
        Path installed = Stream.of(path == null ? new String[0] : path.split(File.pathSeparator))
                .map(place -> Path.of(place).resolve(REDIS))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        return installed == null ? unpacked(folder) : installed;
    }

    private Path unpacked(Path folder) throws IOException {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
        String machine = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        Pattern name = Pattern.compile(REDIS + "-.*-" + system + "-" + machine);
        for (String entry : classPath) {
            Path program = entry.contains("embedded-redis") ? unpacked(Path.of(entry), name, folder) : null;
            if (program != null) {
                return program;
            }
        }
        throw new UsageFailure("there is no " + REDIS + " on the PATH");
    }

    private static @Nullable Path unpacked(Path jar, Pattern name, Path folder) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            Enumeration<? extends ZipEntry> entries = zip.entries();
            while (entries.hasMoreElements()) {
                ZipEntry entry = entries.nextElement();
                if (name.matcher(entry.getName()).matches()) {
                    Path program = folder.resolve(REDIS);
                    try (InputStream in = zip.getInputStream(entry)) {
                        Files.copy(in, program);
                    }
                    if (!program.toFile().setExecutable(true)) {
                        throw new IOException(program + " cannot be made executable");
                    }
                    return program;
                }
            }
            return null;
        }
    }
}

package chat.milena.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The script that the README's first command runs: what it says where something is missing.
class LauncherTest {
    private static final Path LAUNCHER = SourceFiles.ROOT.resolve("milena");
    /// What it uses of a usual system; neither Java nor Maven.
    private static final List<String> TOOLS =
            List.of("dirname", "readlink", "find", "head", "grep", "cat", "mkdir", "rm", "sleep", "touch");

    @TempDir
    private Path folder = Path.of(".");

    private record Ended(int exitCode, String out, String err) {}

    @Test
    void helpNamesEveryCommand() throws Exception {
        Ended help = run(LAUNCHER, Map.of(), "help");

        assertThat(help.exitCode()).isZero();
        assertThat(help.err()).isEmpty();
        assertThat(help.out())
                .contains(
                        "up ",
                        "views status",
                        "views rebuild",
                        "topics check",
                        "topics repair",
                        "broker",
                        "sync-api",
                        "token",
                        "kafka-config",
                        "chat",
                        "replay",
                        "bench");
    }

    @Test
    void everyCommandOfTheProgramIsStarted() throws Exception {
        String script = Files.readString(LAUNCHER);
        CommandContext context = new CommandContext(Map.of(), System.out, System.err, Clock.systemUTC());

        assertThat(Main.commands(context).getSubcommands().keySet())
                .hasSizeGreaterThan(10)
                .allSatisfy(command -> {
                    assertThat(script).containsPattern("(?m)^    .*\\b" + command + "\\b.*\\) module=standalone ");
                    assertThat(script).containsPattern("(?m)^  " + command + "\\b");
                });
    }

    @Test
    void versionIsThatOfTheBuild() throws Exception {
        String pom = Files.readString(SourceFiles.ROOT.resolve("pom.xml"));
        Ended version = run(LAUNCHER, Map.of(), "--version");

        assertThat(version.exitCode()).isZero();
        assertThat(pom).contains("<version>" + version.out().strip().replace("milena ", "") + "</version>");
    }

    @Test
    void linkLeadsToTheCheckout() throws Exception {
        Path home = Files.createDirectory(folder.resolve("checkout of mine"));
        Files.copy(LAUNCHER, home.resolve("milena"));
        Files.createDirectories(home.resolve("standalone/target/lib"));
        Path jar = Files.createFile(home.resolve("standalone/target/milena-standalone-0.1.0-SNAPSHOT.jar"));
        Files.writeString(home.resolve("pom.xml"), "<project/>");
        Files.createDirectories(home.resolve("standalone/src/main"));
        Files.writeString(home.resolve("standalone/pom.xml"), "<project/>");
        Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(10)));
        Path link = Files.createSymbolicLink(folder.resolve("milena"), home.resolve("milena"));

        Ended token = run(link, Map.of("MILENA_JAVA_HOME", jdkThatPrints().toString()), "token", "alice");

        assertThat(token.err()).isEmpty();
        assertThat(token.out()).contains("-cp " + jar + ":");
    }

    /// Also the folder of a cluster that `bench` starts holds secrets.
    @ParameterizedTest
    @ValueSource(strings = {"up", "topics", "broker", "bench"})
    void filesOfServersAreForTheirOwnerOnly(String command) throws Exception {
        Path home = Files.createDirectory(folder.resolve("built"));
        Path launcher = Files.copy(LAUNCHER, home.resolve("milena"));
        Files.writeString(home.resolve("pom.xml"), "<project/>");
        for (String module : List.of("standalone", "bench")) {
            Files.createDirectories(home.resolve(module + "/src/main"));
            Files.writeString(home.resolve(module + "/pom.xml"), "<project/>");
            Files.createDirectories(home.resolve(module + "/target/lib"));
            Path jar = Files.createFile(home.resolve(module + "/target/milena-" + module + "-0.1.0-SNAPSHOT.jar"));
            Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(10)));
        }

        Ended ended = run(launcher, Map.of("MILENA_JAVA_HOME", jdkThatPrints().toString()), command);

        assertThat(ended.err()).isEmpty();
        assertThat(ended.out()).endsWith("umask 0077\n");
    }

    @Test
    void commandThatDoesNotExistIsOneLine() throws Exception {
        Ended ended = run(LAUNCHER, Map.of(), "down");

        assertThat(ended).isEqualTo(new Ended(2, "", "milena: there is no command 'down' (see: milena help)\n"));
    }

    @Test
    void javaHomeThatIsNoJdk25IsOneLine() throws Exception {
        Ended ended = run(LAUNCHER, Map.of("MILENA_JAVA_HOME", folder.toString()), "up");

        assertThat(ended).isEqualTo(new Ended(1, "", "milena: MILENA_JAVA_HOME=" + folder + " is not a JDK 25\n"));
    }

    /// On a copy that has never been built, so that nothing here is.
    @Test
    void missingMavenIsOneLineWhereThereIsSomethingToBuild() throws Exception {
        Path home = Files.createDirectory(folder.resolve("checkout"));
        Path launcher = Files.copy(LAUNCHER, home.resolve("milena"));
        Files.writeString(home.resolve("pom.xml"), "<project/>");
        Files.createDirectories(home.resolve("standalone/src/main"));
        Files.writeString(home.resolve("standalone/pom.xml"), "<project/>");

        Ended ended = run(launcher, Map.of("MILENA_JAVA_HOME", System.getProperty("java.home")), "up");

        assertThat(ended)
                .isEqualTo(new Ended(1, "", "milena: Maven (mvn) was not found, and there is something to build\n"));
        assertThat(home.resolve("target/milena.lock")).doesNotExist();
    }

    /// The JVM itself takes a recording of older jars, and runs the classes in it.
    @Test
    void recordingOlderThanAJarIsLeftAlone() throws Exception {
        Path home = Files.createDirectory(folder.resolve("built"));
        Path launcher = Files.copy(LAUNCHER, home.resolve("milena"));
        Files.writeString(home.resolve("pom.xml"), "<project/>");
        Files.createDirectories(home.resolve("standalone/src/main"));
        Files.writeString(home.resolve("standalone/pom.xml"), "<project/>");
        Files.createDirectories(home.resolve("standalone/target/lib"));
        Path jar = home.resolve("standalone/target/milena-standalone-0.1.0-SNAPSHOT.jar");
        Path library = home.resolve("standalone/target/lib/library.jar");
        Path recording = home.resolve("target/milena.aot");
        Files.createDirectory(home.resolve("target"));
        for (Path file : List.of(jar, library, recording)) {
            Files.createFile(file);
        }
        Map<String, String> jdk = Map.of("MILENA_JAVA_HOME", jdkThatPrints().toString());

        Instant built = Instant.now().plusSeconds(10);
        for (Path file : List.of(jar, library, recording)) {
            Files.setLastModifiedTime(file, FileTime.from(built));
        }
        assertThat(run(launcher, jdk, "token", "alice").out()).contains("-XX:AOTCache=" + recording);
        for (Path newer : List.of(jar, library)) {
            Files.setLastModifiedTime(newer, FileTime.from(built.plusSeconds(1)));
            assertThat(run(launcher, jdk, "token", "alice").out())
                    .contains("token alice")
                    .doesNotContain("AOTCache");
            Files.setLastModifiedTime(newer, FileTime.from(built));
        }
    }

    /// A JDK 25 whose `java` prints its arguments, and the permissions that its files lack.
    private Path jdkThatPrints() throws IOException {
        Path jdk = folder.resolve("jdk");
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
        for (String program : List.of("java", "javac")) {
            Path script = Files.writeString(
                    jdk.resolve("bin").resolve(program), "#!/bin/sh\necho \"$@\"\necho umask $(umask)\n");
            assertThat(script.toFile().setExecutable(true)).isTrue();
        }
        return jdk;
    }

    /// Runs it where its tools are all that there is.
    private Ended run(Path launcher, Map<String, String> environment, String... arguments) throws Exception {
        Path tools = folder.resolve("tools");
        if (!Files.exists(tools)) {
            Files.createDirectory(tools);
            for (String tool : TOOLS) {
                Path script =
                        Files.writeString(tools.resolve(tool), "#!/bin/sh\nexec %s \"$@\"\n".formatted(find(tool)));
                assertThat(script.toFile().setExecutable(true)).isTrue();
            }
        }
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        List<String> command = new ArrayList<>(List.of("/bin/sh", launcher.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(new HashMap<>(environment));
        builder.environment().put("PATH", tools.toString());
        Process process = builder.start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("it does not end; " + Files.readString(err));
        }
        return new Ended(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }

    private static Path find(String tool) throws IOException {
        for (String folder : List.of("/usr/bin", "/bin")) {
            Path path = Path.of(folder, tool);
            if (Files.isExecutable(path)) {
                return path.toRealPath();
            }
        }
        throw new IOException("this system has no " + tool);
    }
}

package chat.milena.standalone.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.bench.cluster.ChildProcess;
import chat.milena.runtime.config.Secret;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedRedisIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    @Test
    void itAnswersWhoKnowsItsPasswordUntilItIsStopped() throws Exception {
        EmbeddedRedis redis = new EmbeddedRedis(folder.resolve("redis"));
        redis.start();
        URI url = URI.create(redis.url().map(Secret::value).orElseThrow());
        String password = url.getUserInfo().substring(1);

        assertThat(says(url.getPort(), "PING\r\n")).startsWith("-NOAUTH");
        assertThat(says(url.getPort(), "AUTH " + password + "\r\n")).startsWith("+OK");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("redis/redis.conf"))))
                .isEqualTo("rw-------");

        redis.stop(PATIENCE);
        awaitGone(url.getPort());
        assertThat(redis.url()).isEmpty();
    }

    @Test
    void commandsOfAnAdministratorAreRefusedAndThoseOfOursAreNot() throws Exception {
        EmbeddedRedis redis = new EmbeddedRedis(folder.resolve("redis"));
        redis.start();
        URI url = URI.create(redis.url().map(Secret::value).orElseThrow());
        String login = "AUTH " + url.getUserInfo().substring(1) + "\r\n";
        try {
            for (String refused : List.of(
                    "CONFIG GET dir",
                    "DEBUG SLEEP 1",
                    "MODULE LIST",
                    "SAVE",
                    "BGSAVE",
                    "SHUTDOWN NOSAVE",
                    "REPLICAOF 127.0.0.1 1",
                    "MIGRATE 127.0.0.1 1 k 0 1",
                    "ACL SETUSER guest on",
                    "MONITOR",
                    "KEYS *",
                    "FLUSHALL")) {
                assertThat(says(url.getPort(), login + refused + "\r\n"))
                        .as(refused)
                        .contains("-NOPERM");
            }
            for (String served : List.of(
                    "PING",
                    "PUBLISH milena:a b",
                    "SCRIPT LOAD \"return 1\"",
                    "SET milena:a b",
                    "EVAL \"return redis.call('TIME')[1]\" 0")) {
                assertThat(says(url.getPort(), login + served + "\r\n"))
                        .as(served)
                        .startsWith("+OK")
                        .doesNotContain("-");
            }
        } finally {
            redis.stop(PATIENCE);
        }
    }

    @Test
    void oneThatDiesIsStartedAgainAtTheSameAddress() throws Exception {
        EmbeddedRedis redis = new EmbeddedRedis(folder.resolve("redis"));
        redis.start();
        URI url = URI.create(redis.url().map(Secret::value).orElseThrow());
        try {
            for (int round = 0; round < 2; round++) {
                ProcessHandle server = ProcessHandle.current()
                        .descendants()
                        .filter(child -> child.info().command().orElse("").contains("redis"))
                        .findFirst()
                        .orElseThrow();
                server.destroyForcibly();
                server.onExit().get(30, TimeUnit.SECONDS);

                await().atMost(PATIENCE)
                        .ignoreExceptions()
                        .until(() -> says(
                                        url.getPort(),
                                        "AUTH " + url.getUserInfo().substring(1) + "\r\n")
                                .startsWith("+OK"));
            }
        } finally {
            redis.stop(PATIENCE);
        }
        awaitGone(url.getPort());
    }

    /// A kill of the group is what a terminal or a service manager does; Redis and its shell are in another session.
    @Test
    void itEndsWithUsWhenOurWholeProcessGroupIsKilled() throws Exception {
        Process group = new ProcessBuilder(
                        "setsid",
                        System.getProperty("java.home") + "/bin/java",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Owner.class.getName(),
                        folder.resolve("redis").toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader lines = group.inputReader()) {
            String line = lines.readLine();
            while (line != null && !line.startsWith("redis at ")) {
                line = lines.readLine();
            }
            assertThat(line).isNotNull();
            int port = Integer.parseInt(line.substring("redis at ".length()));
            assertThat(says(port, "PING\r\n")).startsWith("-NOAUTH");

            Process kill = new ProcessBuilder("kill", "-KILL", "--", "-" + group.pid()).start();
            assertThat(kill.waitFor()).isZero();

            awaitGone(port);
        } finally {
            group.destroyForcibly();
        }
    }

    @Test
    void itEndsWithTheProcessThatStartedItHoweverThatEnds() throws Exception {
        try (ChildProcess owner =
                ChildProcess.start(Owner.class, List.of(folder.resolve("redis").toString()), Map.of())) {
            await().atMost(PATIENCE).until(() -> owner.printed("redis at"));
            int port = Integer.parseInt(owner.lines().stream()
                    .filter(line -> line.startsWith("redis at "))
                    .findFirst()
                    .orElseThrow()
                    .substring("redis at ".length()));
            assertThat(says(port, "PING\r\n")).startsWith("-NOAUTH");

            owner.kill();

            awaitGone(port);
        }
    }

    @Test
    void whereItCannotBeStartedThereIsNoneAndNothingElseFails() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "not a folder");
        EmbeddedRedis redis = new EmbeddedRedis(file);

        redis.start();

        assertThat(redis.url()).isEmpty();
        redis.stop(PATIENCE);
    }

    /// Starts one and waits to be killed.
    static final class Owner {
        private Owner() {}

        public static void main(String[] arguments) throws Exception {
            EmbeddedRedis redis = new EmbeddedRedis(Path.of(arguments[0]));
            redis.start();
            System.out.println("redis at "
                    + URI.create(redis.url().map(Secret::value).orElseThrow()).getPort());
            Thread.sleep(Duration.ofMinutes(5));
        }
    }

    private static String says(int port, String line) throws IOException {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
            socket.getOutputStream().write(line.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readNBytes(1_000), StandardCharsets.US_ASCII);
        }
    }

    private static void awaitGone(int port) {
        await().atMost(PATIENCE).until(() -> {
            try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
                return !socket.isConnected();
            } catch (IOException e) {
                return true;
            }
        });
    }
}

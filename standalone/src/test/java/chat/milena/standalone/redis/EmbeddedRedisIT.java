package chat.milena.standalone.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.runtime.config.Secret;
import chat.milena.standalone.ChildJvm;
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
    void itEndsWithTheProcessThatStartedItHoweverThatEnds() throws Exception {
        try (ChildJvm owner =
                ChildJvm.start(Owner.class, List.of(folder.resolve("redis").toString()), Map.of())) {
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
            byte[] answer = new byte[64];
            int length = socket.getInputStream().read(answer);
            return new String(answer, 0, Math.max(0, length), StandardCharsets.US_ASCII);
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

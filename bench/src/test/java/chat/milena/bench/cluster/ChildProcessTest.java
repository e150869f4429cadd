package chat.milena.bench.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long PAUSE_NANOS = 1_000_000;
    private static final String LISTENS = "listens on ";

    @Test
    void childEndsWithTheProcessThatStartedItEvenIfThatIsKilled() throws Exception {
        try (ChildProcess parent = ChildProcess.start(Parent.class, List.of(), Map.of())) {
            await().atMost(PATIENCE).until(() -> parent.printed(LISTENS) || !parent.isAlive());
            int port = port(parent);
            assertThat(isListening(port)).isTrue();

            parent.kill();

            await().atMost(PATIENCE).until(() -> !isListening(port));
        }
    }

    @EnabledOnOs(OS.LINUX)
    @Test
    void diskOfAChildIsFullUntilItTakesWritesAgain(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("written");
        try (ChildProcess child = ChildProcess.start(Writer.class, List.of(file.toString()), Map.of())) {
            await().atMost(PATIENCE).until(() -> Files.exists(file) && Files.size(file) > 0);

            child.refuseWrites();
            await().atMost(PATIENCE).until(() -> child.printed("refused"));
            long size = Files.size(file);
            child.acceptWrites();

            await().atMost(PATIENCE).until(() -> Files.size(file) > size);
        }
    }

    private static int port(ChildProcess jvm) {
        String line = jvm.lines().stream()
                .filter(printed -> printed.startsWith(LISTENS))
                .findFirst()
                .orElseThrow(() -> new AssertionError("it printed " + jvm.lines()));
        return Integer.parseInt(line.substring(LISTENS.length()));
    }

    private static boolean isListening(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /// Starts a child, and tells what it tells.
    static final class Parent {
        private Parent() {}

        public static void main(String[] arguments) throws Exception {
            try (ChildProcess child = ChildProcess.start(Child.class, List.of(), Map.of())) {
                await().atMost(PATIENCE).until(() -> child.printed(LISTENS) || !child.isAlive());
                child.lines().forEach(System.out::println);
                new CountDownLatch(1).await();
            }
        }
    }

    /// Listens until it is killed.
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) throws Exception {
            try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
                System.out.println(LISTENS + server.getLocalPort());
                new CountDownLatch(1).await();
            }
        }
    }

    /// Writes until it is killed, whether it may or not.
    static final class Writer {
        private Writer() {}

        public static void main(String[] arguments) throws Exception {
            try (OutputStream file = Files.newOutputStream(Path.of(arguments[0]))) {
                while (true) {
                    try {
                        file.write(1);
                    } catch (IOException e) {
                        System.out.println("refused: " + e.getMessage());
                    }
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        }
    }
}

package chat.milena.bench.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ChildProcessTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
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
}

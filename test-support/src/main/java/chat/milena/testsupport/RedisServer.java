package chat.milena.testsupport;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import redis.embedded.core.ExecutableProvider;

/// A real Redis on a port that it keeps, for a test class; it can be killed, halted and started again.
public final class RedisServer implements BeforeAllCallback, AfterAllCallback {
    private static final int TRIES_MAX = 1_000;

    private final int port;
    private final Path program = program();
    private @Nullable Process process;

    /// On any free port.
    public RedisServer() {
        this(freePort());
    }

    public RedisServer(int port) {
        this.port = port;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        start();
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        kill();
        Files.deleteIfExists(program);
        Files.deleteIfExists(program.resolveSibling(".").normalize());
    }

    public URI url() {
        return URI.create("redis://127.0.0.1:" + port);
    }

    /// Starts with nothing in it.
    public void start() throws IOException, InterruptedException {
        Process starting = new ProcessBuilder(List.of(
                        program.toString(),
                        "--port",
                        Integer.toString(port),
                        "--bind",
                        "127.0.0.1",
                        "--save",
                        "",
                        "--appendonly",
                        "no"))
                .redirectErrorStream(true)
                .redirectOutput(new File("/dev/null"))
                .start();
        process = starting;
        for (int tries = 0; !answers(); tries++) {
            if (tries > TRIES_MAX || !starting.isAlive()) {
                throw new IllegalStateException("Redis does not start");
            }
            Thread.sleep(20);
        }
    }

    public void kill() throws InterruptedException {
        Process running = process;
        if (running == null) {
            return;
        }
        running.destroyForcibly();
        if (!running.waitFor(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("Redis does not end");
        }
    }

    private static Path program() {
        try {
            Path folder = Files.createTempDirectory("milena-redis");
            return ExecutableProvider.newJarResourceProvider(folder.toFile())
                    .get()
                    .toPath();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}

package chat.milena.standalone.redis;

import chat.milena.runtime.config.Secret;
import chat.milena.runtime.lifecycle.Component;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.embedded.core.ExecutableProvider;

/// A real Redis in a process of its own, on a free port of the loopback address, with a password made for this run, and
/// without anything on disk. Started once and stopped once.
///
/// It never outlives this process, however that ends: a shell between the two waits for the pipe to this process to
/// break, and then ends it; the shell ends with it. Where it cannot be started, one warning says so and everything else
/// runs. It starts beside
/// the components that start after it; [#url()] waits for it.
public final class EmbeddedRedis implements Component {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedRedis.class);
    private static final Duration STARTS_WITHIN = Duration.ofSeconds(10);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
    private static final int TRIES_MAX = 3;
    private static final int PASSWORD_BYTES = 24;
    private static final String WITHOUT = "presence and typing are paused, and users' rates are each gateway's own";

    /// In a session of its own, where that can be had: Ctrl-C is for us, and we end it when nobody needs it any longer.
    /// It has nothing to save, so it is killed.
    private static final String ENDS_WITH_US = """
            exec 3<&0
            if command -v setsid >/dev/null 2>&1; then setsid "$0" "$@" 3<&- & else "$0" "$@" 3<&- & fi
            redis=$!
            trap '' INT TERM HUP
            ( read -r line <&3; kill -9 "$redis" 2>/dev/null ) &
            exec 3<&-
            wait "$redis"
            """;

    private final Path folder;
    private @Nullable Thread starting;
    private @Nullable Process process;
    private @Nullable Secret url;

    /// @param folder where its program and its configuration are put; nothing of it is worth keeping
    public EmbeddedRedis(Path folder) {
        this.folder = folder;
    }

    @Override
    public String name() {
        return "redis";
    }

    /// Where it is reached, once that is known; empty if it could not be started, or nobody waits for that any longer.
    public Optional<Secret> url() {
        try {
            if (starting != null) {
                // It ends by itself, after as many tries as there are.
                starting.join();
            }
            return Optional.ofNullable(url);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    @Override
    public void start() {
        starting = Thread.ofVirtual().name("redis-start").start(this::launch);
    }

    private void launch() {
        try {
            Files.createDirectories(folder);
            Path program = ExecutableProvider.newJarResourceProvider(folder.toFile())
                    .get()
                    .toPath();
            for (int tries = 0; url == null && tries < TRIES_MAX; tries++) {
                start(program);
            }
            if (url == null) {
                LOG.warn("Redis did not start, see {}: {}", folder.resolve("redis.log"), WITHOUT);
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("Redis cannot be started ({}): {}", e.toString(), WITHOUT);
            end();
        } catch (InterruptedException e) {
            LOG.debug("Stopped while starting", e);
            end();
        }
    }

    private void start(Path program) throws IOException, InterruptedException {
        int port = freePort();
        String password = password();
        Path configuration = configuration(port, password);
        Process starting = new ProcessBuilder(
                        "/bin/sh", "-c", ENDS_WITH_US, program.toString(), configuration.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("redis.log").toFile())
                .start();
        process = starting;
        if (answers(starting, port)) {
            url = new Secret("redis://:" + password + "@127.0.0.1:" + port);
        } else {
            end();
        }
    }

    /// For our eyes only: it holds the password.
    private Path configuration(int port, String password) throws IOException {
        Path file = folder.resolve("redis.conf");
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, """
                bind 127.0.0.1
                port %d
                requirepass %s
                save ""
                appendonly no
                maxmemory 256mb
                maxmemory-policy volatile-ttl
                """.formatted(port, password));
    }

    private static String password() {
        byte[] password = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(password);
        return HexFormat.of().formatHex(password);
    }

    /// Somebody else may take it meanwhile; then another one is tried.
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    private static boolean answers(Process starting, int port) throws InterruptedException {
        long deadline = System.nanoTime() + STARTS_WITHIN.toNanos();
        while (starting.isAlive() && System.nanoTime() < deadline) {
            try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
                return socket.isConnected();
            } catch (IOException e) {
                Thread.sleep(LOOK_AGAIN);
            }
        }
        return false;
    }

    @Override
    public void stop(Duration within) throws InterruptedException {
        if (starting != null) {
            starting.interrupt();
            starting.join();
        }
        Process running = process;
        end();
        if (running != null && !running.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("Redis did not end within {} ms", within.toMillis());
        }
    }

    private void end() {
        Process running = process;
        process = null;
        url = null;
        if (running != null) {
            try {
                running.getOutputStream().close();
            } catch (IOException e) {
                LOG.debug("The pipe to Redis was broken already", e);
            }
        }
    }
}

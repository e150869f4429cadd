package chat.milena.standalone.redis;

import chat.milena.runtime.config.PrivateFolder;
import chat.milena.runtime.config.Secret;
import chat.milena.runtime.config.SecretFile;
import chat.milena.runtime.lifecycle.Component;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A real Redis in a process of its own, on a free port of the loopback address. It has a password made for this
/// run, keeps nothing on disk, and has no commands that only an administrator needs. It is started once and
/// stopped once.
///
/// A Redis process that dies is restarted at the same address, after a growing pause up to a bound, as long as
/// this component runs.
///
/// Redis never outlives this process, however this process ends. A shell between the two, in a session of its own,
/// waits until the pipe to this process breaks, ends Redis, and ends itself. If Redis cannot be started, one
/// warning says so and everything else runs. The next components start in the meantime; [#url()] waits for Redis.
public final class EmbeddedRedis implements Component {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedRedis.class);
    private static final Duration STARTS_WITHIN = Duration.ofSeconds(10);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
    private static final Duration PAUSE_MIN = Duration.ofMillis(200);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(30);
    private static final int TRIES_MAX = 3;
    private static final int PASSWORD_BYTES = 24;
    private static final String WITHOUT = "presence and typing are paused, and each gateway counts users' rates alone";

    /// In a session of its own, if the system can do that. Ctrl-C, or a kill of our whole process group, then does
    /// not reach Redis, and we stop it when nothing needs it any longer. It has nothing to save, so it is killed.
    private static final String OWN_SESSION = """
            if command -v setsid >/dev/null 2>&1; then exec setsid /bin/sh -c "$0" "$@"; else exec /bin/sh -c "$0" "$@"; fi
            """;

    private static final String ENDS_WITH_US = """
            exec 3<&0
            "$0" "$@" 3<&- &
            redis=$!
            trap '' INT TERM HUP
            ( read -r line <&3; kill -9 "$redis" 2>/dev/null ) &
            exec 3<&-
            wait "$redis"
            """;

    private final Path folder;
    private volatile @Nullable Thread keeping;
    private final CompletableFuture<Optional<Secret>> url = new CompletableFuture<>();
    private volatile boolean stopped;
    private volatile @Nullable Process process;

    /// @param folder the folder for its program and its configuration, both of which can be made again
    public EmbeddedRedis(Path folder) {
        this.folder = folder;
    }

    @Override
    public String name() {
        return "redis";
    }

    /// The URL of Redis, once it is known; empty if Redis could not be started, or was stopped.
    public Optional<Secret> url() {
        try {
            // The future always completes, after a bounded number of attempts.
            Optional<Secret> known = url.get();
            return stopped ? Optional.empty() : known;
        } catch (ExecutionException e) {
            throw new IllegalStateException("It never completes with a failure", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    @Override
    public void start() {
        keeping = Thread.ofVirtual().name("redis").start(this::keep);
    }

    private void keep() {
        try {
            PrivateFolder.make(folder);
            String program = RedisProgram.find(folder);
            Address address = first(program);
            if (address == null) {
                LOG.warn("Redis did not start, see {}: {}", folder.resolve("redis.log"), WITHOUT);
                return;
            }
            url.complete(Optional.of(address.url()));
            watch(program, address);
        } catch (IOException | RuntimeException e) {
            LOG.warn("Redis cannot be started ({}): {}", e.toString(), WITHOUT);
        } catch (InterruptedException e) {
            LOG.debug("Stopped", e);
        } finally {
            url.complete(Optional.empty());
            end();
        }
    }

    private @Nullable Address first(String program) throws IOException, InterruptedException {
        for (int tries = 0; tries < TRIES_MAX; tries++) {
            Address address = new Address(freePort(), password());
            if (launch(program, address)) {
                return address;
            }
        }
        return null;
    }

    /// Returns only when a stop interrupts it.
    private void watch(String program, Address address) throws IOException, InterruptedException {
        Duration pause = PAUSE_MIN;
        while (true) {
            Process running = process;
            if (running != null) {
                long begun = System.nanoTime();
                running.waitFor();
                LOG.warn("Redis ended unexpectedly and is restarted; until then {}", WITHOUT);
                if (System.nanoTime() - begun > PAUSE_MAX.toNanos()) {
                    pause = PAUSE_MIN;
                }
            }
            Thread.sleep(pause);
            pause = pause.multipliedBy(2).compareTo(PAUSE_MAX) < 0 ? pause.multipliedBy(2) : PAUSE_MAX;
            launch(program, address);
        }
    }

    /// The port and the password of Redis. Gateways have them, so they stay the same for the whole run.
    private record Address(int port, String password) {
        Secret url() {
            return new Secret("redis://:" + password + "@127.0.0.1:" + port);
        }

        @Override
        public String toString() {
            return "127.0.0.1:" + port;
        }
    }

    /// @return whether it answers a ping
    private boolean launch(String program, Address address) throws IOException, InterruptedException {
        end();
        Path configuration = configuration(address);
        Process starting = new ProcessBuilder(
                        "/bin/sh", "-c", OWN_SESSION, ENDS_WITH_US, program, configuration.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("redis.log").toFile())
                .start();
        process = starting;
        if (answers(starting, address.port())) {
            return true;
        }
        end();
        return false;
    }

    /// Only this user may read it: it holds the password.
    private Path configuration(Address address) throws IOException {
        Path file = folder.resolve("redis.conf");
        SecretFile.write(file, """
                bind 127.0.0.1
                port %d
                user default on >%s ~* &* +@all -@admin -@dangerous
                save ""
                appendonly no
                maxmemory 256mb
                maxmemory-policy volatile-ttl
                """.formatted(address.port(), address.password()));
        return file;
    }

    private static String password() {
        byte[] password = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(password);
        return HexFormat.of().formatHex(password);
    }

    /// Another process may take the port meanwhile; then another port is tried.
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
        stopped = true;
        Thread running = keeping;
        Process last = process;
        if (running != null) {
            running.interrupt();
            running.join();
        }
        end();
        if (last != null && !last.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("Redis did not end within {} ms", within.toMillis());
        }
    }

    private void end() {
        Process running = process;
        process = null;
        if (running != null) {
            // A killed shell cannot end Redis any more.
            running.descendants().forEach(ProcessHandle::destroyForcibly);
            try {
                running.getOutputStream().close();
            } catch (IOException e) {
                LOG.debug("The pipe to Redis was already broken", e);
            }
        }
    }
}

package chat.milena.bench.hostile;

import chat.milena.bench.call.RawFrames;
import chat.milena.bench.call.RawReader;
import chat.milena.bench.client.ClientOptions;
import chat.milena.bench.client.CloseReason;
import chat.milena.bench.client.TokenSource;
import chat.milena.bench.client.UsageFailure;
import chat.milena.bench.report.ServerVitals;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A well-behaved user who connects repeatedly from an address of their own during floods. It also watches the
/// server's process. One thread of its own.
final class Bystander implements Runnable {
    private static final Duration EVERY = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final int BUFFER_BYTES = 16 << 10;

    private final URI server;
    private final TokenSource tokens;
    private final @Nullable Long pid;
    private final RandomGenerator random = new SplittableRandom();
    private final Thread thread = new Thread(this, "bystander");
    private int tries;
    private int letIn;
    private long slowestNanos;
    private long residentMost;
    private long handlesMost;
    private volatile boolean running = true;
    private volatile boolean died;

    Bystander(URI server, TokenSource tokens, @Nullable Long pid) {
        this.server = server;
        this.tokens = tokens;
        this.pid = pid;
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    /// Whether the server's process has ended; if none is named, only the clients' view is known.
    boolean serverDied() {
        return died;
    }

    HostileResult.Seen stop() throws InterruptedException {
        running = false;
        thread.interrupt();
        if (!thread.join(PATIENCE.multipliedBy(3))) {
            throw new IllegalStateException("the bystander's thread does not end");
        }
        return new HostileResult.Seen(tries, letIn, slowestNanos / 1e6, residentMost, handlesMost);
    }

    @Override
    public void run() {
        try {
            while (running) {
                look();
                long startNanos = System.nanoTime();
                boolean in = comesIn();
                if (running || in) {
                    tries++;
                    letIn += in ? 1 : 0;
                    slowestNanos = Math.max(slowestNanos, System.nanoTime() - startNanos);
                }
                Thread.sleep(EVERY);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        if (pid == null) {
            return;
        }
        died = !ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
        try {
            ServerVitals vitals = ServerVitals.glance(pid);
            residentMost = Math.max(residentMost, vitals.residentBytes());
            handlesMost = Math.max(handlesMost, vitals.handles());
        } catch (UsageFailure e) {
            // The process is ending: the next check sees it.
        }
    }

    private boolean comesIn() {
        byte[] handshake = RawFrames.handshake(server, "bystander", tokens.tokenFor("bystander"), random);
        long giveUpNanos = System.nanoTime() + PATIENCE.toNanos();
        try (Socket socket = new Socket()) {
            socket.connect(ClientOptions.address(server), (int) PATIENCE.toMillis());
            socket.getOutputStream().write(handshake);
            Greeting greeting = new Greeting();
            RawReader reader = new RawReader();
            byte[] buffer = new byte[BUFFER_BYTES];
            while (!greeting.over) {
                long left = (giveUpNanos - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    return false;
                }
                socket.setSoTimeout((int) left);
                int read = socket.getInputStream().read(buffer);
                if (read < 0) {
                    return false;
                }
                reader.read(ByteBuffer.wrap(buffer, 0, read), greeting);
            }
            if (greeting.connected) {
                socket.getOutputStream().write(RawFrames.goodbye(random));
            }
            return greeting.connected;
        } catch (IOException e) {
            return false;
        }
    }

    private static final class Greeting implements RawReader.Sink {
        private boolean connected;
        private boolean over;

        @Override
        public void refused(int status, @Nullable Duration retryAfter) {
            over = true;
        }

        @Override
        public void text(byte[] utf8) {
            connected |= new String(utf8, StandardCharsets.UTF_8).contains("\"connected\"");
            over |= connected;
        }

        @Override
        public void ping(byte[] pongFrame) {}

        @Override
        public void closed(CloseReason reason) {
            over = true;
        }

        @Override
        public void broken(String why) {
            over = true;
        }
    }
}

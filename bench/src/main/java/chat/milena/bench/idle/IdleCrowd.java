package chat.milena.bench.idle;

import chat.milena.bench.call.RawFrames;
import chat.milena.bench.client.Backoff;
import chat.milena.bench.client.ClientOptions;
import chat.milena.bench.client.SourceAddresses;
import chat.milena.bench.client.UsageFailure;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SequencedSet;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// All idle connections on one selector, driven by turns of the calling thread.
///
/// Connections begin at the given pace, at most [#UNDER_WAY_MAX] in progress. A refused one is retried when the
/// server says so, or after a random delay. Heartbeats go to all connections in turn, evenly over the interval
/// that the server asks for. A connection that is lost after `connected` stays lost. No write waits: frames are so
/// small that a socket that does not accept one immediately counts as lost.
final class IdleCrowd implements AutoCloseable {
    private static final int UNDER_WAY_MAX = 1000;
    private static final int BUFFER_BYTES = 64 << 10;
    private static final Duration CONNECTED_WITHIN = Duration.ofSeconds(20);
    private static final Duration INTERVAL_MIN = Duration.ofMillis(100);
    private static final Duration SELECT_MAX = Duration.ofMillis(50);
    private static final Backoff AGAIN = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(3));

    private record Retry(IdleSocket socket, long atNanos) {}

    private final IdleSettings settings;
    private final Clock clock;
    private final IdleMeter meter;
    private final RandomGenerator random = new SplittableRandom();
    private final SourceAddresses sources;
    private final InetSocketAddress address;
    private final long connectEveryNanos;
    private final List<IdleSocket> sockets = new ArrayList<>();
    private final SequencedSet<IdleSocket> underWay = new LinkedHashSet<>();
    private final PriorityQueue<Retry> retries = new PriorityQueue<>((a, b) -> Long.compare(a.atNanos - b.atNanos, 0));
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final Selector selector;
    private int begun;
    private int connected;
    private int over;
    private long nextConnectNanos = System.nanoTime();
    private long firstNanos;
    private long lastConnectedNanos;
    private boolean mayConnect = true;
    private boolean mayBeat = true;
    private long beatEveryNanos;
    private long nextBeatNanos;
    private int nextBeat;

    IdleCrowd(IdleSettings settings, Clock clock, IdleMeter meter) {
        this.settings = settings;
        this.clock = clock;
        this.meter = meter;
        this.sources = new SourceAddresses(settings.server().getHost());
        this.address = ClientOptions.address(settings.server());
        this.connectEveryNanos = TimeUnit.SECONDS.toNanos(1) / settings.connectsPerSecond();
        String prefix = "idle-" + UUID.randomUUID().toString().substring(0, 8) + "-";
        for (int i = 0; i < settings.connections(); i++) {
            sockets.add(new IdleSocket(this, prefix + i));
        }
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UsageFailure("cannot open a selector: " + e.getMessage());
        }
    }

    /// Whether no connection is in progress any more.
    boolean settled() {
        return connected + over == sockets.size();
    }

    /// Connections that were made, lost ones included.
    long everConnected() {
        return meter.connecting().count();
    }

    int connected() {
        return connected;
    }

    /// From the first attempt to the last `connected`.
    double connectSeconds() {
        return Math.max(0, (lastConnectedNanos - firstNanos) / 1e9);
    }

    /// Stops all connection attempts.
    void stopConnecting() {
        mayConnect = false;
        retries.clear();
        List.copyOf(underWay).forEach(socket -> ended(socket, "given up", false, null));
    }

    /// Sends no more heartbeats; outstanding answers are still received.
    void stopBeating() {
        mayBeat = false;
    }

    /// The number of connections that wait for the answer to a heartbeat.
    long beating() {
        return sockets.stream()
                .filter(socket -> socket.state() == IdleSocket.State.CONNECTED && socket.beating())
                .count();
    }

    /// Handles due work and input, or waits a moment for either.
    void turn() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        long now = System.nanoTime();
        connectDue(now);
        beatDue(now);
        endLate(now);
        try {
            selector.select(this::ready, waitMillis(System.nanoTime()));
        } catch (IOException e) {
            throw new UsageFailure("cannot wait for the connections: " + e.getMessage());
        }
    }

    private long waitMillis(long now) {
        long nanos = SELECT_MAX.toNanos();
        if (mayConnect && (begun < sockets.size() || !retries.isEmpty()) && underWay.size() < UNDER_WAY_MAX) {
            nanos = Math.min(nanos, nextConnectNanos - now);
        }
        if (mayBeat && beatEveryNanos > 0) {
            nanos = Math.min(nanos, nextBeatNanos - now);
        }
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos));
    }

    private void connectDue(long now) {
        // Openings delayed by a stall are not made up for in a burst.
        long earliest = now - SELECT_MAX.toNanos();
        nextConnectNanos = nextConnectNanos - earliest < 0 ? earliest : nextConnectNanos;
        while (mayConnect && nextConnectNanos - now <= 0 && underWay.size() < UNDER_WAY_MAX) {
            IdleSocket next = nextOutside(now);
            if (next == null) {
                return;
            }
            nextConnectNanos += connectEveryNanos;
            open(next);
        }
    }

    private @Nullable IdleSocket nextOutside(long now) {
        Retry retry = retries.peek();
        if (retry != null && retry.atNanos - now <= 0) {
            return retries.remove().socket;
        }
        if (begun == sockets.size()) {
            return null;
        }
        if (begun == 0) {
            firstNanos = now;
        }
        return sockets.get(begun++);
    }

    private void open(IdleSocket socket) {
        SocketChannel channel = null;
        try {
            channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.bind(sources.next());
            socket.begins(channel, System.nanoTime());
            underWay.add(socket);
            boolean there = channel.connect(address);
            channel.register(selector, there ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, socket);
            if (there) {
                askForUpgrade(socket);
            }
        } catch (IOException | RuntimeException e) {
            if (socket.channel() == null) {
                close(channel);
                throw new UsageFailure("cannot open a socket: " + e.getMessage());
            }
            ended(socket, "cannot connect: " + e.getMessage(), true, null);
        }
    }

    private void askForUpgrade(IdleSocket socket) {
        String token = settings.tokens().tokenFor(socket.userId());
        write(socket, RawFrames.handshake(settings.server(), "bench", token, random));
    }

    private void ready(SelectionKey key) {
        if (!(key.attachment() instanceof IdleSocket socket) || !(key.channel() instanceof SocketChannel channel)) {
            return;
        }
        try {
            if (key.isConnectable() && channel.finishConnect()) {
                key.interestOps(SelectionKey.OP_READ);
                askForUpgrade(socket);
            } else if (key.isReadable()) {
                buffer.clear();
                int read = channel.read(buffer);
                if (read < 0) {
                    ended(socket, "the socket was lost", true, null);
                } else {
                    socket.read(buffer.flip());
                }
            }
        } catch (IOException e) {
            boolean connecting = socket.state() == IdleSocket.State.CONNECTING;
            ended(socket, (connecting ? "cannot connect: " : "the socket failed: ") + e.getMessage(), true, null);
        }
    }

    void write(IdleSocket socket, byte[] bytes) {
        SocketChannel channel = socket.channel();
        if (channel == null) {
            return;
        }
        try {
            if (channel.write(ByteBuffer.wrap(bytes)) < bytes.length) {
                ended(socket, "the socket took no more", true, null);
            }
        } catch (IOException e) {
            ended(socket, "the socket failed: " + e.getMessage(), true, null);
        }
    }

    void connected(IdleSocket socket, long nanos, Duration interval) {
        underWay.remove(socket);
        connected++;
        meter.connected(nanos);
        lastConnectedNanos = System.nanoTime();
        if (beatEveryNanos == 0) {
            Duration asked = interval.compareTo(INTERVAL_MIN) < 0 ? INTERVAL_MIN : interval;
            beatEveryNanos = Math.max(1, asked.toNanos() / sockets.size());
            nextBeatNanos = lastConnectedNanos + beatEveryNanos;
        }
    }

    private void beatDue(long now) {
        int most = sockets.size();
        while (mayBeat && beatEveryNanos > 0 && nextBeatNanos - now <= 0 && most-- > 0) {
            IdleSocket socket = sockets.get(nextBeat);
            nextBeat = (nextBeat + 1) % sockets.size();
            nextBeatNanos += beatEveryNanos;
            if (socket.state() == IdleSocket.State.CONNECTED) {
                if (socket.beats(System.nanoTime())) {
                    meter.beatUnanswered();
                }
                meter.beatSent();
                write(socket, RawFrames.heartbeat(clock.millis(), random));
            }
        }
    }

    void beatAnswered(long nanos) {
        meter.beatAnswered(nanos);
    }

    /// The earliest attempts come first.
    private void endLate(long now) {
        while (!underWay.isEmpty() && now - underWay.getFirst().startedNanos() > CONNECTED_WITHIN.toNanos()) {
            ended(underWay.getFirst(), "no `connected` within " + CONNECTED_WITHIN.toSeconds() + " s", true, null);
        }
    }

    /// Handles the end of an attempt or a connection.
    ///
    /// @param again whether a retry is useful, if there was no `connected` yet
    void ended(IdleSocket socket, String why, boolean again, @Nullable Duration retryAfter) {
        close(socket.channel());
        underWay.remove(socket);
        switch (socket.state()) {
            case CONNECTED -> {
                connected--;
                over++;
                meter.lost(why);
                if (socket.beating()) {
                    meter.beatUnanswered();
                }
                socket.ends();
            }
            case CONNECTING -> {
                meter.refused(why);
                if (again && mayConnect) {
                    Duration wait = AGAIN.beforeAttempt(socket.attempts() - 1, random);
                    long nanos = wait.plus(retryAfter == null ? Duration.ZERO : retryAfter)
                            .toNanos();
                    retries.add(new Retry(socket, System.nanoTime() + nanos));
                    socket.waits();
                } else {
                    over++;
                    socket.ends();
                }
            }
            case OUTSIDE, OVER -> {}
        }
    }

    private static void close(@Nullable SocketChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                // The socket is gone in any case.
            }
        }
    }

    /// Closes all connections, without waiting for answers.
    @Override
    public void close() {
        for (IdleSocket socket : sockets) {
            SocketChannel channel = socket.channel();
            if (channel != null) {
                try {
                    channel.write(ByteBuffer.wrap(RawFrames.goodbye(random)));
                } catch (IOException e) {
                    // The socket is gone in any case.
                }
                close(channel);
            }
        }
        try {
            selector.close();
        } catch (IOException e) {
            // The socket is gone in any case.
        }
    }
}

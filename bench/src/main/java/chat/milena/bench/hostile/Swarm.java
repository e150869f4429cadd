package chat.milena.bench.hostile;

import chat.milena.bench.client.ClientOptions;
import chat.milena.bench.client.SourceAddresses;
import chat.milena.bench.client.UsageFailure;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The connections of all floods that run together, on one selector and one thread of its own.
///
/// Everything is bounded: connections by the waves and by the file handles of this process, openings and writes a
/// second by `perSecond`, bytes a second by [#BYTES_PER_SECOND_MAX]. So the pairs feel the server, and not a
/// processor that the attackers use up.
final class Swarm implements Runnable {
    private static final long BYTES_PER_SECOND_MAX = 256L << 20;
    private static final long SELECT_MILLIS = 5;
    private static final int BUFFER_BYTES = 64 << 10;
    private static final Duration SPAN_MAX = Duration.ofMillis(50);

    private final List<Wave> waves;
    private final InetSocketAddress address;
    private final SourceAddresses sources;
    private final int connectionsMax;
    private final int perSecond;
    private final Selector selector;
    private final Thread thread = new Thread(this, "swarm");
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final Set<Attacker> open = new LinkedHashSet<>();
    private final PriorityQueue<Attacker> waiting =
            new PriorityQueue<>((a, b) -> Long.compare(a.dueNanos() - b.dueNanos(), 0));
    private final Deque<Attacker> leaving = new ArrayDeque<>();
    private long refilledNanos;
    private double mayOpen;
    private double mayWrites;
    private double mayBytes;
    private volatile boolean running = true;
    private volatile @Nullable RuntimeException failure;

    Swarm(URI server, List<Wave> waves, SourceAddresses sources, int connectionsMax, int perSecond) {
        this.waves = List.copyOf(waves);
        this.address = ClientOptions.address(server);
        this.sources = sources;
        this.connectionsMax = connectionsMax;
        this.perSecond = perSecond;
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UsageFailure("cannot open a selector: " + e.getMessage());
        }
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    /// Ends the floods and closes their remaining connections.
    List<HostileResult.Attack> stop(Duration patience) throws InterruptedException {
        running = false;
        selector.wakeup();
        if (!thread.join(patience)) {
            throw new IllegalStateException("the swarm's thread does not end");
        }
        RuntimeException failed = failure;
        if (failed != null) {
            throw failed;
        }
        return waves.stream().map(wave -> wave.tally().counts()).toList();
    }

    @Override
    public void run() {
        refilledNanos = System.nanoTime();
        try (selector) {
            while (running) {
                turn();
            }
            List.copyOf(open).forEach(Attacker::sweep);
        } catch (IOException e) {
            failure = new IllegalStateException("cannot wait for the connections", e);
        } catch (RuntimeException e) {
            failure = e;
        } finally {
            List.copyOf(open).forEach(Attacker::leave);
        }
    }

    private void turn() throws IOException {
        refill(System.nanoTime());
        openDue();
        long now = System.nanoTime();
        for (Attacker next = waiting.peek(); next != null && next.dueNanos() - now <= 0; next = waiting.peek()) {
            waiting.remove();
            next.due();
        }
        if (!mayWrite()) {
            // Sockets with room would otherwise be ready in every turn.
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        selector.select(this::ready, SELECT_MILLIS);
        while (!leaving.isEmpty()) {
            leaving.remove().leave();
        }
    }

    /// Writes delayed by a stall are not made up for in a burst.
    private void refill(long now) {
        double seconds = Math.min(now - refilledNanos, SPAN_MAX.toNanos()) / 1e9;
        refilledNanos = now;
        double most = SPAN_MAX.toMillis() / 1000.0;
        mayOpen = Math.min(mayOpen + seconds * perSecond, Math.max(1, most * perSecond));
        mayWrites = Math.min(mayWrites + seconds * perSecond, Math.max(1, most * perSecond));
        mayBytes = Math.min(mayBytes + seconds * BYTES_PER_SECOND_MAX, most * BYTES_PER_SECOND_MAX);
    }

    private void openDue() {
        boolean more = true;
        while (more) {
            more = false;
            for (Wave wave : waves) {
                if (mayOpen >= 1 && wave.wantsMore() && open.size() < connectionsMax) {
                    mayOpen--;
                    more |= open(wave);
                }
            }
        }
    }

    private boolean open(Wave wave) {
        SocketChannel channel;
        try {
            channel = SocketChannel.open();
        } catch (IOException e) {
            wave.tally().met("no socket to open");
            return false;
        }
        Attacker attacker = new Attacker(this, wave, wave.begins(), channel);
        open.add(attacker);
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.bind(sources.next());
            boolean there = channel.connect(address);
            attacker.registered(
                    channel.register(selector, there ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, attacker));
            if (there) {
                attacker.connected();
            }
            return true;
        } catch (IOException e) {
            wave.tally().met("not connected");
            attacker.leave();
            return false;
        }
    }

    private void ready(SelectionKey key) {
        if (key.attachment() instanceof Attacker attacker && !attacker.isGone()) {
            attacker.ready(key);
        }
    }

    boolean mayWrite() {
        return mayBytes > 0 && mayWrites > 0;
    }

    void wrote(int bytes) {
        mayBytes -= bytes;
        mayWrites--;
    }

    void wakesWhenDue(Attacker attacker) {
        waiting.add(attacker);
    }

    /// It leaves after this turn, since it may be in the middle of its own read.
    void atOnceAfterThis(Attacker attacker) {
        leaving.add(attacker);
    }

    void left(Attacker attacker) {
        open.remove(attacker);
    }

    ByteBuffer emptyBuffer() {
        return buffer.clear();
    }
}

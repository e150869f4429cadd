package chat.milena.bench.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// Ports of the loopback address that a process can be given and keep over its restarts.
///
/// They are below those that the system gives out by itself, to clients too: one of those might take a port while its
/// process is away. Two test JVMs beside each other take even and odd ones.
public final class FreePorts {
    private static final Path SYSTEM_RANGE = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    private static final int SYSTEM_FROM_USUALLY = 32_768;
    private static final int FROM = 10_000;
    private static final int TRIES_MAX = 1_000;
    private static final int FORK = Integer.getInteger("milena.fork", 0) % 2;

    private FreePorts() {}

    /// This number of different ones.
    public static List<Integer> take(int count) {
        int below = systemFrom();
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int tries = 0; held.size() < count; tries++) {
                if (tries >= TRIES_MAX) {
                    throw new IllegalStateException("found no free port from " + FROM + " to " + (below - 1));
                }
                tryToHold(2 * ThreadLocalRandom.current().nextInt(FROM / 2, below / 2) + FORK, held);
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            held.forEach(FreePorts::close);
        }
    }

    private static void tryToHold(int port, List<ServerSocket> held) {
        try {
            held.add(new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1")));
        } catch (IOException e) {
            // It is taken; another one will do.
        }
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The first port that the system gives out by itself; the usual one where it does not tell, or gives out nearly
    /// all.
    static int systemFrom() {
        try {
            int from = Integer.parseInt(Files.readString(SYSTEM_RANGE).strip().split("\\s+", 2)[0]);
            return from > FROM + TRIES_MAX ? from : SYSTEM_FROM_USUALLY;
        } catch (IOException e) {
            return SYSTEM_FROM_USUALLY;
        }
    }
}

package chat.milena.bench.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// One address before several servers on this machine. Each connection goes to the next server that accepts it.
public final class TcpBalancer implements AutoCloseable {
    private static final int CONNECT_WITHIN_MILLIS = 1_000;

    private final ServerSocket server;
    private final List<Integer> ports;
    private final AtomicInteger turn = new AtomicInteger();

    public TcpBalancer(List<Integer> ports) throws IOException {
        this.ports = List.copyOf(ports);
        this.server = new ServerSocket(0, 1_000, InetAddress.ofLiteral("127.0.0.1"));
        Thread.ofVirtual().start(this::accept);
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException e) {
            // It is closed.
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket behind = connected()) {
            Thread back = Thread.ofVirtual().start(() -> copy(behind, client));
            copy(client, behind);
            back.join();
        } catch (IOException e) {
            // The client sees the end of its connection.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Socket connected() throws IOException {
        IOException last = new IOException("no server");
        for (int i = 0; i < ports.size(); i++) {
            Socket socket = new Socket();
            try {
                int port = ports.get(Math.floorMod(turn.getAndIncrement(), ports.size()));
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_WITHIN_MILLIS);
                return socket;
            } catch (IOException e) {
                socket.close();
                last = e;
            }
        }
        throw last;
    }

    /// Until either end is gone; then the other one goes as well.
    private static void copy(Socket from, Socket to) {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
        } catch (IOException e) {
            // One of them is gone.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}

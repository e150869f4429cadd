package chat.milena.push.courier;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// A server of HTTP/1.1 that answers byte by byte what a test wants, which no decent server would.
public final class RawServer implements AutoCloseable {
    private final ServerSocket server;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final boolean secure;
    private volatile Script script = (request, to) -> to.answer(200, Map.of(), "");

    /// What the server does with a request.
    @FunctionalInterface
    public interface Script {
        void serve(Request request, Peer peer) throws Exception;
    }

    @SuppressWarnings("ArrayRecordComponent") // Only tests see it.
    public record Request(String line, Map<String, String> heads, byte[] body) {
        public String path() {
            return line.split(" ", -1)[1];
        }
    }

    /// The way back to the client.
    public record Peer(Socket socket, OutputStream out) {
        public void answer(int status, Map<String, String> heads, String body) throws IOException {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Word\r\n");
            heads.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
            write(head + "Content-Length: " + bytes.length + "\r\n\r\n");
            out.write(bytes);
            out.flush();
        }

        public void write(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        }

        /// Ends the connection as a crash does.
        public void reset() throws IOException {
            socket.setOption(StandardSocketOptions.SO_LINGER, 0);
            socket.close();
        }

        /// Writes it until the client goes, with a pause after each.
        public void trickle(String text, int pauseMillis) throws Exception {
            while (true) {
                write(text);
                Thread.sleep(pauseMillis);
            }
        }

        /// Says nothing until the client goes.
        public void stall() throws IOException {
            while (socket.getInputStream().read() >= 0) {
                // What comes is ignored.
            }
        }
    }

    public RawServer() throws IOException {
        this(null);
    }

    public RawServer(@Nullable SSLContext tls) throws IOException {
        secure = tls != null;
        server = tls == null
                ? new ServerSocket(0, 50, InetAddress.getLoopbackAddress())
                : tls.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    public void script(Script next) {
        script = next;
    }

    public int port() {
        return server.getLocalPort();
    }

    public String origin() {
        return (secure ? "https" : "http") + "://127.0.0.1:" + port();
    }

    public URI uri(String path) {
        return URI.create(origin() + path);
    }

    public List<Request> requests() {
        return requests;
    }

    public int connections() {
        return connections.get();
    }

    /// Connections that the clients have not ended.
    public long openSockets() {
        return sockets.stream().filter(socket -> !socket.isClosed()).count();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                connections.incrementAndGet();
                sockets.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            // The test has ended.
        }
    }

    private void serve(Socket socket) {
        try (socket;
                InputStream in = new BufferedInputStream(socket.getInputStream());
                OutputStream out = socket.getOutputStream()) {
            Request request = read(in);
            while (request != null) {
                requests.add(request);
                script.serve(request, new Peer(socket, out));
                request = read(in);
            }
        } catch (Exception e) {
            // The client has gone, which many tests want.
        }
    }

    private static @Nullable Request read(InputStream in) throws IOException {
        String line = line(in);
        if (line == null) {
            return null;
        }
        Map<String, String> heads = new TreeMap<>();
        String head = line(in);
        while (head != null && !head.isEmpty()) {
            int colon = head.indexOf(':');
            heads.put(
                    head.substring(0, colon).toLowerCase(Locale.ROOT),
                    head.substring(colon + 1).strip());
            head = line(in);
        }
        return new Request(line, heads, in.readNBytes(Integer.parseInt(heads.getOrDefault("content-length", "0"))));
    }

    private static @Nullable String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = in.read();
        while (next >= 0 && next != '\n') {
            line.write(next);
            next = in.read();
        }
        return next < 0 ? null : line.toString(StandardCharsets.UTF_8).stripTrailing();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}

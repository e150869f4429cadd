package chat.milena.runtime.token;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// Publishes keys, or misbehaves, on a free port of this machine.
final class JwksServer implements AutoCloseable {
    final AtomicInteger requests = new AtomicInteger();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile Answer answer = exchange -> send(exchange, 503, "down");

    interface Answer {
        void to(HttpExchange exchange) throws IOException, InterruptedException;
    }

    JwksServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        try (exchange) {
            answer.to(exchange);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/jwks.json");
    }

    void publish(JWK... keys) {
        answers(200, new JWKSet(List.of(keys)).toString(false));
    }

    void answers(int status, String body) {
        answer = exchange -> send(exchange, status, body);
    }

    void redirectsTo(URI target) {
        answer = exchange -> {
            exchange.getResponseHeaders().add("Location", target.toString());
            send(exchange, 302, "");
        };
    }

    /// Takes requests and answers none of them.
    void hangs() {
        answer = exchange -> released.await();
    }

    /// Answers byte by byte and never ends.
    void drips() {
        answer = exchange -> {
            exchange.sendResponseHeaders(200, 0);
            while (released.getCount() > 0) {
                exchange.getResponseBody().write(' ');
                exchange.getResponseBody().flush();
                var _ = released.await(20, java.util.concurrent.TimeUnit.MILLISECONDS);
            }
        };
    }

    /// Answers more than anybody should read.
    void floods(long bytes) {
        answer = exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] spaces = new byte[8 * 1024];
            Arrays.fill(spaces, (byte) ' ');
            for (long sent = 0; sent < bytes; sent += spaces.length) {
                exchange.getResponseBody().write(spaces);
            }
        };
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        released.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}

package chat.milena.bench.worker;

import chat.milena.bench.client.UsageFailure;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A service on this machine that a server calls. Requests have threads of their own, so it is never busy.
final class LocalPeer implements AutoCloseable {
    private final HttpServer http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /// @param option that gave the port, for the error if it is taken
    /// @param port 0 for a free one
    /// @param handler of all requests, on many threads
    LocalPeer(String option, int port, HttpHandler handler) {
        try {
            this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UsageFailure(option + " " + port + " cannot be used: " + e.getMessage());
        }
        http.setExecutor(threads);
        http.createContext("/", handler);
        http.start();
    }

    int port() {
        return http.getAddress().getPort();
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }
}

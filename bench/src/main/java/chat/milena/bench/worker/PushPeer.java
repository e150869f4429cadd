package chat.milena.bench.worker;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntConsumer;

/// A push service on this machine (RFC 8030): accepts every push, counts it, and can be made to stall. Safe for all
/// threads.
///
/// While it stalls it takes pushes and does not answer. Afterwards those are refused with 503.
final class PushPeer implements AutoCloseable {
    private static final String AWAY = "/away/";
    private static final String PRESENT = "/present/";
    private static final int BODY_BYTES_MAX = 8 << 10;
    private static final int NO_BODY = -1;

    private final LocalPeer http;
    private final IntConsumer pushed;
    private final LongAdder accepted = new LongAdder();
    private final LongAdder stalled = new LongAdder();
    private final LongAdder wrong = new LongAdder();
    private volatile CountDownLatch gate = new CountDownLatch(0);

    /// @param port 0 for a free one
    /// @param pushed called with each user who is away and gets a push
    PushPeer(int port, IntConsumer pushed) {
        this.pushed = pushed;
        this.http = new LocalPeer("--peer-port", port, this::handle);
    }

    int port() {
        return http.port();
    }

    /// Where the pushes of a user who is away go.
    String away(int user) {
        return "http://127.0.0.1:" + port() + AWAY + user;
    }

    /// The same of a user who is connected, and gets none.
    String present(int user) {
        return "http://127.0.0.1:" + port() + PRESENT + user;
    }

    void stall() {
        gate = new CountDownLatch(1);
    }

    void resume() {
        gate.countDown();
    }

    long accepted() {
        return accepted.sum();
    }

    /// Pushes that came while it stalled.
    long stalled() {
        return stalled.sum();
    }

    /// Pushes to users who were connected.
    long wrong() {
        return wrong.sum();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange;
                InputStream body = exchange.getRequestBody()) {
            body.readNBytes(BODY_BYTES_MAX);
            CountDownLatch closed = gate;
            if (closed.getCount() > 0) {
                stalled.increment();
                closed.await();
                exchange.sendResponseHeaders(503, NO_BODY);
                return;
            }
            String path = exchange.getRequestURI().getPath();
            if (path.startsWith(AWAY)) {
                accepted.increment();
                pushed.accept(Integer.parseInt(path.substring(AWAY.length())));
            } else {
                wrong.increment();
            }
            exchange.sendResponseHeaders(201, NO_BODY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        resume();
        http.close();
    }
}

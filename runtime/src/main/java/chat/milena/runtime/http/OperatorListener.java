package chat.milena.runtime.http;

import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.lifecycle.Readiness;
import chat.milena.runtime.limit.Budget;
import chat.milena.runtime.limit.Budget.Bounds;
import chat.milena.runtime.limit.Holder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What only operators may see, on a listener of its own: `/metrics`, `/readyz` with one line a component, and further
/// calls.
///
/// A thread of its own gathers metrics, one scrape after the other. **Overflow.** Few scrapes wait; beyond those
/// the answer is 503.
public final class OperatorListener implements Component {
    private static final int SCRAPES_WAITING_MAX = 16;
    private static final int CONNECTIONS_MAX = 100;
    private static final int BODY_BYTES_MAX = 256 << 10;
    private static final long BODIES_BYTES_MAX = 4 << 20;
    private static final Duration EXCHANGE_WITHIN = Duration.ofSeconds(30);

    private final Readiness readiness;
    private final Supplier<String> metrics;
    private final Calls calls;
    private final Budget bodies = new Budget(new Bounds(BODIES_BYTES_MAX, Bounds.NONE, Bounds.NONE, Bounds.NONE));
    private final ThreadPoolExecutor scrapes = oneByOne();
    private final Connections connections;
    private final HttpListener listener;

    /// Further calls of the listener. A call without a body comes on an I/O thread and must not block; the others
    /// come one after the other.
    @FunctionalInterface
    public interface Calls {
        /// No further calls.
        Calls NONE = (method, path, body) -> null;

        /// Answers one call.
        ///
        /// @return null if there is no such path
        @Nullable
        Answer answer(String method, String path, byte[] body);
    }

    /// The answer to a call.
    public record Answer(int status, String contentType, String body) {}

    /// @param host where operators and their tools connect, 127.0.0.1 by choice
    /// @param port 0 for any free port
    /// @param metrics the answer to `/metrics`
    /// @param calls answers all other paths
    public OperatorListener(String host, int port, Readiness readiness, Supplier<String> metrics, Calls calls) {
        HttpConfig config = HttpConfig.of(host, port).withBounds(CONNECTIONS_MAX, EXCHANGE_WITHIN);
        this.connections = new Connections(config, new SimpleMeterRegistry());
        this.listener = new HttpListener(config, connections, this::handle);
        this.readiness = readiness;
        this.metrics = metrics;
        this.calls = calls;
    }

    @Override
    public String name() {
        return "operators";
    }

    @Override
    public void start() throws IOException {
        listener.start();
    }

    @Override
    public void stop(Duration within) {
        listener.stop();
    }

    /// The bound port, once started.
    public int port() {
        return listener.port();
    }

    /// Scrapes in progress or waiting.
    int scrapesUnderWay() {
        return scrapes.getActiveCount() + scrapes.getQueue().size();
    }

    private void handle(HttpServerExchange exchange) {
        connections.began(exchange);
        switch (exchange.getRequestPath()) {
            case "/healthz" -> HttpFront.text(exchange, StatusCodes.OK, "alive");
            case "/readyz" -> {
                int status = readiness.ready() ? StatusCodes.OK : StatusCodes.SERVICE_UNAVAILABLE;
                HttpFront.text(exchange, status, readiness.describe());
            }
            case "/metrics" -> scrape(exchange);
            default ->
                BodyReceiver.receive(
                        exchange,
                        BODY_BYTES_MAX,
                        bodies,
                        new Holder(null, null, null),
                        body -> received(exchange, body));
        }
    }

    /// A body may take time to parse.
    private void received(HttpServerExchange exchange, byte[] body) {
        if (body.length == 0) {
            call(exchange, body);
        } else {
            byTurns(exchange, () -> call(exchange, body));
        }
    }

    private void call(HttpServerExchange exchange, byte[] body) {
        Answer answer = calls.answer(exchange.getRequestMethod().toString(), exchange.getRequestPath(), body);
        if (answer == null) {
            HttpFront.text(exchange, StatusCodes.NOT_FOUND, "no such path");
            return;
        }
        HttpAnswer.closeUnread(exchange);
        exchange.setStatusCode(answer.status());
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, answer.contentType());
        exchange.getResponseSender().send(answer.body(), StandardCharsets.UTF_8);
    }

    private void scrape(HttpServerExchange exchange) {
        byTurns(exchange, () -> HttpFront.text(exchange, StatusCodes.OK, metrics.get()));
    }

    /// Not on the I/O thread, and one after the other.
    private void byTurns(HttpServerExchange exchange, Runnable answer) {
        exchange.dispatch(
                task -> {
                    try {
                        scrapes.execute(task);
                    } catch (RejectedExecutionException e) {
                        HttpFront.text(exchange, StatusCodes.SERVICE_UNAVAILABLE, "too many scrapes");
                    }
                },
                answer);
    }

    /// It has no thread without work, so there is nothing to stop.
    private static ThreadPoolExecutor oneByOne() {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                1,
                1,
                1,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(SCRAPES_WAITING_MAX),
                Thread.ofVirtual().name("metrics").factory());
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }
}

package chat.milena.runtime.http;

import chat.milena.runtime.health.Readiness;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.schemas.word.ErrorCode;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.xnio.Options;

/// The HTTP listener of a process: health, readiness and metrics from its start on, and whatever is mounted under a
/// path. It starts before everything else, so that a port in use is found before anything has happened, and stops
/// after it.
///
/// Connections and the time of an exchange are bounded, as [HttpConfig] says.
///
/// Metrics are gathered on a thread of their own, one scrape at a time; few wait, and beyond those the answer is 503.
///
/// Until the process has started and once it stops, everything but the three is answered 503 `UNAVAILABLE`, and so is a
/// path that nobody serves while a component is not ready. A component that is mounted is asked whatever the others are
/// doing: while one takes over, or restores, those that can do without it go on.
public final class HttpFront implements Component {
    private static final Set<HttpString> READING = Set.of(Methods.GET, Methods.HEAD);
    private static final int BACKLOG = 4_096;
    private static final Duration HEAD_WITHIN = Duration.ofSeconds(10);
    private static final Duration IDLE_AT_MOST = Duration.ofSeconds(60);
    private static final int SCRAPES_WAITING_MAX = 16;
    private static final Duration SHUTDOWN_WITHIN = Duration.ofSeconds(1);

    private final HttpConfig config;
    private final Readiness readiness;
    private final CrossOrigin crossOrigin;
    private final Supplier<String> metrics;
    private final ConcurrentSkipListMap<String, HttpHandler> mounts = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<String, HttpHandler> reads = new ConcurrentSkipListMap<>();
    private final ThreadPoolExecutor scrapes = oneByOne();
    private @Nullable Undertow undertow;

    /// @param origins which websites may read that nothing is served yet
    /// @param metrics what `/metrics` answers
    public HttpFront(HttpConfig config, Readiness readiness, AllowedOrigins origins, Supplier<String> metrics) {
        this.config = config;
        this.readiness = readiness;
        this.crossOrigin = new CrossOrigin(origins);
        this.metrics = metrics;
    }

    @Override
    public String name() {
        return "http";
    }

    /// Serves `prefix` and all paths below it with this handler; the longest prefix wins. Before or after the start.
    public void mount(String prefix, HttpHandler handler) {
        mounts.put(prefix, handler);
    }

    /// Serves what only reads at `prefix` and below it with this handler, and leaves other methods to who else is
    /// mounted there.
    public void mountReads(String prefix, HttpHandler handler) {
        reads.put(prefix, handler);
    }

    /// Serves this prefix no longer.
    public void unmount(String prefix) {
        mounts.remove(prefix);
    }

    /// Serves what only reads at this prefix no longer.
    public void unmountReads(String prefix) {
        reads.remove(prefix);
    }

    @Override
    public void start() throws IOException {
        Undertow server = Undertow.builder()
                .addHttpListener(config.port(), config.host())
                .setIoThreads(config.ioThreads())
                // Nothing is dispatched to XNIO's own workers; blocking work runs on virtual threads.
                .setWorkerThreads(1)
                .setSocketOption(Options.BACKLOG, BACKLOG)
                .setSocketOption(Options.TCP_NODELAY, true)
                .setSocketOption(Options.CONNECTION_HIGH_WATER, config.connectionsMax())
                .setSocketOption(Options.CONNECTION_LOW_WATER, config.connectionsMax())
                .setServerOption(UndertowOptions.REQUEST_PARSE_TIMEOUT, Math.toIntExact(HEAD_WITHIN.toMillis()))
                .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, Math.toIntExact(IDLE_AT_MOST.toMillis()))
                .setServerOption(UndertowOptions.SHUTDOWN_TIMEOUT, Math.toIntExact(SHUTDOWN_WITHIN.toMillis()))
                .setHandler(new ExchangeDeadline(config.exchangeWithin(), this::handle))
                .build();
        try {
            server.start();
        } catch (RuntimeException e) {
            throw explained(e);
        }
        undertow = server;
    }

    @Override
    public void stop(Duration within) {
        Undertow server = undertow;
        if (server != null) {
            server.stop();
            undertow = null;
        }
    }

    /// The port that is listened on, once started.
    public int port() {
        Undertow server = undertow;
        if (server == null) {
            throw new IllegalStateException("Not started");
        }
        InetSocketAddress address =
                (InetSocketAddress) server.getListenerInfo().getFirst().getAddress();
        return address.getPort();
    }

    /// Scrapes that are gathered or wait for it.
    int scrapesUnderWay() {
        return scrapes.getActiveCount() + scrapes.getQueue().size();
    }

    private IOException explained(RuntimeException e) {
        String where = "port " + config.port() + " on " + config.host();
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return new BindException(where + " cannot be listened on: " + cause.getMessage());
            }
        }
        return new IOException(where + " cannot be listened on", e);
    }

    /// Without work it has no thread, so there is nothing to stop.
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

    private void handle(HttpServerExchange exchange) throws Exception {
        String path = exchange.getRequestPath();
        switch (path) {
            case "/healthz" -> text(exchange, StatusCodes.OK, "alive");
            case "/readyz" -> {
                int status = readiness.ready() ? StatusCodes.OK : StatusCodes.SERVICE_UNAVAILABLE;
                text(exchange, status, readiness.describe());
            }
            case "/metrics" -> exchange.dispatch(scrapes, () -> text(exchange, StatusCodes.OK, metrics.get()));
            default -> serve(exchange, path);
        }
    }

    private void serve(HttpServerExchange exchange, String path) throws Exception {
        HttpHandler reader = READING.contains(exchange.getRequestMethod()) ? mounted(reads, path) : null;
        HttpHandler handler = reader == null ? mounted(mounts, path) : reader;
        if (handler != null && readiness.started()) {
            handler.handleRequest(exchange);
        } else if (readiness.ready()) {
            HttpAnswer.error(StatusCodes.NOT_FOUND, ErrorCode.INVALID_REQUEST, "no such path")
                    .send(exchange);
        } else {
            notReady(exchange);
        }
    }

    /// Readable from other origins, so that a page can tell it from a network that is down.
    private void notReady(HttpServerExchange exchange) {
        if (!crossOrigin.answersPreflight(exchange)) {
            crossOrigin.mark(exchange);
            HttpAnswer.error(ErrorCode.UNAVAILABLE, "not ready").send(exchange);
        }
    }

    /// Longer prefixes of one path sort behind shorter ones.
    private static @Nullable HttpHandler mounted(NavigableMap<String, HttpHandler> mounts, String path) {
        for (Map.Entry<String, HttpHandler> mount : mounts.descendingMap().entrySet()) {
            String prefix = mount.getKey();
            if (path.equals(prefix) || path.startsWith(prefix.endsWith("/") ? prefix : prefix + "/")) {
                return mount.getValue();
            }
        }
        return null;
    }

    private static void text(HttpServerExchange exchange, int status, String text) {
        exchange.setStatusCode(status);
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain; charset=utf-8");
        exchange.getResponseSender().send(text + "\n");
    }
}

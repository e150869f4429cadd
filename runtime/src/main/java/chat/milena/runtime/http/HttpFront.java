package chat.milena.runtime.http;

import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.lifecycle.Readiness;
import chat.milena.runtime.lifecycle.RequestMeters;
import chat.milena.runtime.limit.HttpBudgets;
import chat.milena.schemas.word.ErrorCode;
import io.micrometer.core.instrument.MeterRegistry;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The HTTP listener of a process for its clients: health from its start on, and the endpoints and calls that
/// services mount. It starts before everything else, so that a port in use is found before anything has happened,
/// and stops after it. [OperatorListener] serves what only operators may see.
///
/// Resources that clients can hold are bounded in this order: connections ([Connections]), heads
/// ([HttpListener]), then token, rates, bodies, work and answers ([HttpApi]), and the time of an exchange
/// ([ExchangeDeadline]).
///
/// Until the process has started, and once it stops, everything but health is answered 503 `UNAVAILABLE`. So is a
/// new connection of an endpoint once the process is about to stop, and a path that nobody serves while a
/// component is not ready. A mounted component is called whatever the state of the others: while one takes over or
/// restores, the components that do not need it continue.
///
/// Allowed websites may read every answer, including errors, except the answers of [#mountAlways].
public final class HttpFront implements Component {
    private static final long BODY_BYTES_MAX = 64L * 1024 * 1024;
    /// Making an answer takes several times its bytes.
    private static final long ANSWER_BYTES_MAX = 64L * 1024 * 1024;
    /// The status of a request whose client left before the answer.
    private static final int NO_ANSWER = 0;
    private static final AttachmentKey<RequestMeters.Request> REQUEST =
            AttachmentKey.create(RequestMeters.Request.class);

    private final HttpConfig config;
    private final Readiness readiness;
    private final CrossOrigin crossOrigin;
    private final Connections connections;
    private final HttpBudgets budgets;
    private final RequestMeters requests;
    private final Map<String, HttpHandler> always = new ConcurrentHashMap<>();
    private final Map<String, HttpHandler> endpoints = new ConcurrentHashMap<>();
    private final List<HttpApi> apis = new ArrayList<>();
    private volatile RouteTable calls = new RouteTable(List.of());
    private volatile RouteTable elsewhere = new RouteTable(List.of());
    private final HttpListener listener;

    /// @param origins which websites may read answers
    public HttpFront(HttpConfig config, Readiness readiness, AllowedOrigins origins, MeterRegistry meters) {
        this.config = config;
        this.readiness = readiness;
        this.crossOrigin = new CrossOrigin(origins);
        this.connections = new Connections(config, meters);
        this.listener = new HttpListener(config, connections, this::handle);
        this.budgets = HttpBudgets.of(BODY_BYTES_MAX, ANSWER_BYTES_MAX, meters);
        this.requests = new RequestMeters(meters);
    }

    @Override
    public String name() {
        return "http";
    }

    /// The memory that the calls of this process may hold together.
    public HttpBudgets budgets() {
        return budgets;
    }

    /// Serves exactly this path with this handler at any time, ready or not. The handler decides which websites
    /// may read its answers and call it from another origin.
    public void mountAlways(String path, HttpHandler handler) {
        always.put(path, handler);
    }

    /// Answers as for a path that nobody serves.
    public void answerUnknown(HttpServerExchange exchange) {
        nothing(exchange, Set.of());
    }

    /// Serves exactly this path with this handler. Before or after the start.
    public void mount(String path, HttpHandler handler) {
        endpoints.put(path, handler);
    }

    /// Stops serving this path.
    public void unmount(String path) {
        endpoints.remove(path);
    }

    /// Serves these calls as well. A path may have calls of several services, with different methods.
    public synchronized void mount(HttpApi api) {
        apis.add(api);
        calls = new RouteTable(apis);
    }

    /// Stops serving these calls.
    public synchronized void unmount(HttpApi api) {
        apis.remove(api);
        calls = new RouteTable(apis);
    }

    /// Serves these calls where no other call of this process matches.
    public void mountElsewhere(HttpApi api) {
        elsewhere = new RouteTable(List.of(api));
    }

    /// Stops serving the calls of [#mountElsewhere].
    public void unmountElsewhere() {
        elsewhere = new RouteTable(List.of());
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

    private void handle(HttpServerExchange exchange) throws Exception {
        connections.began(exchange);
        measure(exchange);
        config.proxies().note(exchange);
        HttpHandler own = always.get(exchange.getRequestPath());
        if (own == null && crossOrigin.answersPreflight(exchange)) {
            return;
        }
        if (own == null) {
            crossOrigin.mark(exchange);
        }
        String fault = RequestHeads.fault(exchange.getRequestHeaders());
        if (fault != null) {
            // The end of this request is not known.
            exchange.setPersistent(false);
            HttpAnswer.error(ErrorCode.INVALID_REQUEST, fault).send(exchange);
            return;
        }
        if (!RequestTarget.decode(exchange)) {
            HttpAnswer.error(ErrorCode.INVALID_REQUEST, "the path or query is not percent-encoded UTF-8")
                    .send(exchange);
            return;
        }
        if (exchange.getRequestURI().indexOf(';') >= 0) {
            nothing(exchange, Set.of());
            return;
        }
        if (own != null) {
            own.handleRequest(exchange);
            return;
        }
        switch (exchange.getRequestPath()) {
            case "/healthz" -> text(exchange, StatusCodes.OK, "alive");
            case "/readyz" -> {
                boolean ready = readiness.ready();
                text(exchange, ready ? StatusCodes.OK : StatusCodes.SERVICE_UNAVAILABLE, ready ? "ready" : "not ready");
            }
            default -> serve(exchange);
        }
    }

    private void measure(HttpServerExchange exchange) {
        RequestMeters.Request request = requests.begin();
        exchange.putAttachment(REQUEST, request);
        exchange.addExchangeCompleteListener((ended, following) -> {
            try {
                request.ended(ended.isResponseStarted() ? ended.getStatusCode() : NO_ANSWER);
            } finally {
                following.proceed();
            }
        });
    }

    /// The request of this exchange, as it is counted; null where it is not.
    static RequestMeters.@Nullable Request request(HttpServerExchange exchange) {
        return exchange.getAttachment(REQUEST);
    }

    private static void note(HttpServerExchange exchange, String route) {
        RequestMeters.Request request = request(exchange);
        if (request != null) {
            request.route(route);
        }
    }

    private void serve(HttpServerExchange exchange) throws Exception {
        String path = exchange.getRequestPath();
        HttpHandler endpoint = endpoints.get(path);
        if (endpoint != null) {
            note(exchange, path);
        }
        if (!readiness.started() || (endpoint != null && readiness.leaving())) {
            nothing(exchange, Set.of());
        } else if (endpoint != null) {
            endpoint.handleRequest(exchange);
        } else {
            call(exchange);
        }
    }

    private void call(HttpServerExchange exchange) {
        RouteTable.Found own = calls.find(exchange.getRequestPath());
        HttpString method = exchange.getRequestMethod();
        RouteTable.Found found = own.methods().containsKey(method) ? own : elsewhere.find(exchange.getRequestPath());
        RouteTable.Served served = found.methods().get(method);
        if (served == null) {
            nothing(exchange, own.methods().keySet());
        } else {
            note(exchange, served.name());
            served.api().answer(exchange, new HttpApi.Match(served.route(), found.parts()));
        }
    }

    /// @param allowed methods that this path serves
    private void nothing(HttpServerExchange exchange, Set<HttpString> allowed) {
        if (!readiness.ready()) {
            HttpAnswer.error(ErrorCode.UNAVAILABLE, "not ready").send(exchange);
        } else if (allowed.isEmpty()) {
            HttpAnswer.error(StatusCodes.NOT_FOUND, ErrorCode.INVALID_REQUEST, "no such path")
                    .send(exchange);
        } else {
            String list = allowed.stream().map(HttpString::toString).collect(Collectors.joining(", "));
            exchange.getResponseHeaders().put(Headers.ALLOW, list);
            HttpAnswer.error(StatusCodes.METHOD_NOT_ALLOWED, ErrorCode.INVALID_REQUEST, "must be " + list)
                    .send(exchange);
        }
    }

    static void text(HttpServerExchange exchange, int status, String text) {
        HttpAnswer.closeUnread(exchange);
        exchange.setStatusCode(status);
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain; charset=utf-8");
        exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "no-store");
        exchange.getResponseSender().send(text + "\n");
    }
}

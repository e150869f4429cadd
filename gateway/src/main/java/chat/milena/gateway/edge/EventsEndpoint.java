package chat.milena.gateway.edge;

import chat.milena.gateway.session.Connection;
import chat.milena.gateway.session.ConnectionConfig;
import chat.milena.runtime.http.ExchangeDeadline;
import chat.milena.runtime.http.Peer;
import chat.milena.runtime.time.Ticker;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;

/// `GET /events`: the frames of a connection as a stream of server-sent events, for clients whose WebSockets are
/// blocked. Each event is one frame, and its id a resume token; the client sends by REST.
///
/// A client sends nothing here, so it counts as alive while its socket is open and takes what is written: a
/// comment at least twice in each interval of heartbeats.
public final class EventsEndpoint implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(EventsEndpoint.class);
    private static final HttpString LAST_EVENT_ID = new HttpString("Last-Event-ID");
    /// Makes proxies such as nginx pass events on immediately.
    private static final HttpString ACCEL_BUFFERING = new HttpString("X-Accel-Buffering");

    private final Admission admission;
    private final ConnectionOpener opener;
    private final ConnectionConfig config;
    private final Ticker ticker;
    private final HttpAdmission clients;

    /// @param ticker measures the times of connections
    public EventsEndpoint(Admission admission, ConnectionOpener opener, ConnectionConfig config, Ticker ticker) {
        this.admission = admission;
        this.opener = opener;
        this.config = config;
        this.ticker = ticker;
        this.clients = new HttpAdmission(admission);
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        clients.admit(exchange, (user, from) -> admission.rates().take(user, from), admitted -> {
            // The answer's channel belongs to the I/O thread.
            Runnable begin = () -> orClose(exchange, admitted, () -> begin(exchange, admitted));
            exchange.getIoThread().execute(begin);
        });
    }

    /// Returns the user's place after any failure.
    private static void orClose(HttpServerExchange exchange, AdmittedUser admitted, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            LOG.error("A stream could not start", e);
            admitted.giveBack().run();
            IoUtils.safeClose(exchange.getConnection());
        }
    }

    private void begin(HttpServerExchange exchange, AdmittedUser admitted) {
        Peer.atEnd(exchange, admitted.giveBack());
        Peer.admitted(exchange);
        ExchangeDeadline.lift(exchange);
        exchange.setPersistent(false);
        exchange.getResponseHeaders()
                .put(Headers.CONTENT_TYPE, "text/event-stream")
                .put(Headers.CACHE_CONTROL, "no-cache, no-transform")
                .put(ACCEL_BUFFERING, "no");
        EventStream stream = new EventStream(exchange, config.outbox().closeTimeout());
        String resume = exchange.getRequestHeaders().getFirst(LAST_EVENT_ID);
        if (resume == null) {
            resume = HttpAdmission.parameter(exchange, "resume");
        }
        String token = resume;
        admission
                .blocking()
                .execute(() -> orClose(exchange, admitted, () -> connect(exchange, stream, admitted, token)));
    }

    private void connect(
            HttpServerExchange exchange, EventStream stream, AdmittedUser admitted, @Nullable String resume) {
        opener.open(admitted, stream, true, resume, (connection, end) -> {
            Peer.atEnd(exchange, end);
            keepAlive(exchange, connection);
            return exchange.getConnection().isOpen();
        });
    }

    /// So that proxies do not end the stream, the client learns its position, and the server notices a client that
    /// left silently.
    private void keepAlive(HttpServerExchange exchange, Connection connection) {
        long everyMillis = Math.max(1, config.liveness().heartbeatInterval().toMillis() / 2);
        exchange.getIoThread()
                .executeAfter(
                        () -> {
                            if (exchange.getConnection().isOpen()) {
                                connection.keepAlive(ticker.millis());
                                keepAlive(exchange, connection);
                            }
                        },
                        everyMillis,
                        TimeUnit.MILLISECONDS);
    }
}

package chat.milena.gateway.server;

import chat.milena.gateway.connection.Connection;
import chat.milena.gateway.connection.ConnectionConfig;
import chat.milena.gateway.connection.Prelude;
import chat.milena.gateway.connection.TokenLife;
import chat.milena.gateway.connection.Wire;
import chat.milena.gateway.frame.ServerFrame;
import chat.milena.gateway.frame.ServerFrames;
import chat.milena.gateway.resume.Resumes;
import chat.milena.gateway.server.PlainAdmission.Guest;
import chat.milena.gateway.server.WebSocketEndpoint.Admission;
import chat.milena.runtime.http.ExchangeDeadline;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;

/// `GET /events`: the frames of a connection as a stream of server-sent events, for clients whose WebSockets are
/// blocked. Each event is one frame, and its id a resume token; sends go by REST.
///
/// A client says nothing here, so it is taken to live while its socket takes what is written, a comment at least twice
/// in each interval of heartbeats.
final class EventsEndpoint implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(EventsEndpoint.class);
    private static final HttpString LAST_EVENT_ID = new HttpString("Last-Event-ID");
    /// Tells proxies such as nginx to pass events on as they come.
    private static final HttpString ACCEL_BUFFERING = new HttpString("X-Accel-Buffering");

    private final Admission admission;
    private final PlainAdmission door;

    EventsEndpoint(Admission admission) {
        this.admission = admission;
        this.door = new PlainAdmission(admission);
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        door.admit(exchange, (user, from) -> admission.rates().take(from), guest -> {
            // The answer's channel is the I/O thread's.
            Runnable begin = () -> orClose(exchange, guest, () -> begin(exchange, guest));
            exchange.getIoThread().execute(begin);
        });
    }

    /// Whatever goes wrong on the way, nothing that the guest holds is kept.
    private static void orClose(HttpServerExchange exchange, Guest guest, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            LOG.error("A stream could not begin", e);
            guest.giveBack().run();
            IoUtils.safeClose(exchange.getConnection());
        }
    }

    private void begin(HttpServerExchange exchange, Guest guest) {
        atEnd(exchange, guest.giveBack());
        ExchangeDeadline.lift(exchange);
        exchange.setPersistent(false);
        exchange.getResponseHeaders()
                .put(Headers.CONTENT_TYPE, "text/event-stream")
                .put(Headers.CACHE_CONTROL, "no-store")
                .put(ACCEL_BUFFERING, "no");
        EventStream stream = new EventStream(exchange, admission.config().closeTimeout());
        String resume = exchange.getRequestHeaders().getFirst(LAST_EVENT_ID);
        if (resume == null) {
            resume = PlainAdmission.parameter(exchange, "resume");
        }
        String token = resume;
        admission.blocking().execute(() -> orClose(exchange, guest, () -> connect(exchange, stream, guest, token)));
    }

    private void connect(HttpServerExchange exchange, EventStream stream, Guest guest, @Nullable String resume) {
        Instant now = admission.clock().instant();
        ConnectionConfig config = admission.config();
        Connection connection = new Connection(
                admission.connectionId(),
                new TokenLife(now, guest.token(), config.tokenWarning()),
                stream,
                config,
                admission.shared(),
                new Wire(admission.resumes().points(guest.user()), true));
        Prelude first = null;
        try {
            first = begin(connection, guest, resume, now);
            admission.receiver().opened(connection);
            LOG.debug(
                    "Connection {} is {} of {}",
                    connection.connectionId(),
                    guest.user().userId(),
                    guest.user().tenant());
            connection.open(first);
            atEnd(exchange, () -> end(connection));
            keepAlive(exchange, connection);
        } catch (RuntimeException e) {
            if (first != null) {
                first.discard();
            }
            end(connection);
            throw e;
        }
    }

    private Prelude begin(Connection connection, Guest guest, @Nullable String resume, Instant now) {
        Resumes.Begun begun = admission.resumes().begin(guest.user(), resume, offset -> {
            connection.liveFrom(offset);
            admission.registry().add(connection);
        });
        return new Events(
                begun.frames(ServerFrames.connected(
                        connection.connectionId(),
                        now,
                        admission.config().heartbeatInterval(),
                        begun.token(),
                        begun.resumed())),
                begun.token(),
                begun.tokenBehind());
    }

    private void end(Connection connection) {
        try {
            admission.receiver().closed(connection);
        } finally {
            admission.registry().remove(connection);
        }
    }

    /// Runs it once when the exchange's connection is closed; at once if it is.
    private static void atEnd(HttpServerExchange exchange, Runnable end) {
        AtomicBoolean ended = new AtomicBoolean();
        Runnable once = () -> {
            if (ended.compareAndSet(false, true)) {
                end.run();
            }
        };
        exchange.getConnection().addCloseListener(closed -> once.run());
        if (!exchange.getConnection().isOpen()) {
            once.run();
        }
    }

    /// So that proxies do not end the stream, that the client learns where it is, and that a broken socket is noticed.
    private void keepAlive(HttpServerExchange exchange, Connection connection) {
        long everyMillis = Math.max(1, admission.config().heartbeatInterval().toMillis() / 2);
        exchange.getIoThread()
                .executeAfter(
                        () -> {
                            if (exchange.getConnection().isOpen()) {
                                connection.keepAlive(admission.clock().millis());
                                keepAlive(exchange, connection);
                            }
                        },
                        everyMillis,
                        TimeUnit.MILLISECONDS);
    }

    /// The first frames as events: the last of them stands for all, those before it for none.
    private static final class Events implements Prelude {
        private final Prelude frames;
        private final @Nullable String before;
        private final @Nullable String behind;
        private @Nullable ServerFrame following;
        private boolean begun;

        private Events(Prelude frames, @Nullable String before, @Nullable String behind) {
            this.frames = frames;
            this.before = before;
            this.behind = behind;
        }

        @Override
        public synchronized @Nullable ServerFrame next() {
            ServerFrame frame = begun ? following : frames.next();
            begun = true;
            following = frame == null ? null : frames.next();
            return frame == null ? null : frame.asEvent(following == null ? behind : before);
        }

        @Override
        public void discard() {
            frames.discard();
        }
    }
}

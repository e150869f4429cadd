package chat.milena.gateway.edge;

import chat.milena.gateway.resume.Polls;
import chat.milena.gateway.resume.Polls.Afresh;
import chat.milena.gateway.resume.Polls.Frames;
import chat.milena.gateway.resume.Polls.Nothing;
import chat.milena.gateway.resume.Polls.Polled;
import chat.milena.gateway.resume.Polls.Unavailable;
import chat.milena.gateway.resume.ResumePosition;
import chat.milena.gateway.session.TokenLife;
import chat.milena.protocol.frame.CloseCode;
import chat.milena.protocol.frame.ServerFrame;
import chat.milena.protocol.frame.ServerFrames;
import chat.milena.protocol.json.Json;
import chat.milena.runtime.http.ExchangeDeadline;
import chat.milena.runtime.http.HttpAnswer;
import chat.milena.runtime.http.Peer;
import chat.milena.runtime.limit.ClientAddress;
import chat.milena.runtime.limit.RateLimiter;
import chat.milena.runtime.limit.RateLimiter.Answer;
import chat.milena.runtime.limit.RateLimiter.Rate;
import chat.milena.runtime.limit.RateLimiter.Refused;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ErrorCode;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.XnioExecutor;

/// `GET /poll`: the frames after a cursor, immediately or as soon as there are any. A waiting poll holds a place
/// among the connections, and no thread; its user counts as present. It ends with its token.
public final class PollEndpoint implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(PollEndpoint.class);
    private static final Duration WAIT_MAX = Duration.ofSeconds(30);
    private static final int USERS_MAX = 100_000;

    private final Admission admission;
    private final ConnectionOpener opener;
    private final Polls polls;
    private final Duration reconnectWithin;
    private final HttpAdmission clients;
    private final RateLimiter<UserKey> rates;
    private final Random jitter = new Random();
    private volatile boolean draining;

    /// @param reconnectWithin the time over which clients of a draining gateway reconnect
    /// @param pollsPerTenSeconds of a user: enough for one poll after each answer; a client that polls without
    /// waiting is soon rejected
    /// @param nanoTime a time that never goes back
    public PollEndpoint(
            Admission admission,
            ConnectionOpener opener,
            Polls polls,
            Duration reconnectWithin,
            int pollsPerTenSeconds,
            LongSupplier nanoTime) {
        this.admission = admission;
        this.opener = opener;
        this.polls = polls;
        this.reconnectWithin = reconnectWithin;
        this.clients = new HttpAdmission(admission);
        this.rates = new RateLimiter<>(
                List.of(new Rate(pollsPerTenSeconds, Duration.ofSeconds(10), "polls of a user in 10 seconds")),
                USERS_MAX,
                nanoTime);
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        Duration wait = wait(HttpAdmission.parameter(exchange, "wait"));
        if (wait == null) {
            HttpAnswer.error(ErrorCode.INVALID_REQUEST, "wait: must be whole seconds from 0 to " + WAIT_MAX.toSeconds())
                    .send(exchange);
            return;
        }
        Cursor cursor = new Cursor(HttpAdmission.parameter(exchange, "cursor"));
        clients.admit(
                exchange,
                (user, from) -> take(user, from, cursor),
                admitted -> new Poll(exchange, admitted, cursor.position(admitted.user()), wait).begin());
    }

    /// A user with a valid cursor was admitted before, and does not count as a new connection.
    private Answer take(UserKey user, ClientAddress from, Cursor cursor) {
        Answer polled = rates.take(user);
        return polled instanceof Refused || cursor.position(user) != null
                ? polled
                : admission.rates().take(user, from);
    }

    /// Answers all waiting polls.
    public void drain() {
        draining = true;
        polls.wakeAll();
    }

    private static @Nullable Duration wait(@Nullable String seconds) {
        if (seconds == null) {
            return WAIT_MAX;
        }
        if (!seconds.matches("[0-9]{1,2}") || Integer.parseInt(seconds) > WAIT_MAX.toSeconds()) {
            return null;
        }
        return Duration.ofSeconds(Integer.parseInt(seconds));
    }

    /// The cursor of a poll, its signature checked once; for the thread that admits it.
    private final class Cursor {
        private final @Nullable String text;
        private boolean read;
        private @Nullable ResumePosition position;

        private Cursor(@Nullable String text) {
            this.text = text;
        }

        private @Nullable ResumePosition position(UserKey user) {
            if (!read) {
                position = polls.position(user, text);
                read = true;
            }
            return position;
        }
    }

    /// One poll from its admission to its answer.
    private final class Poll {
        private final HttpServerExchange exchange;
        private final AdmittedUser admitted;
        private final Duration wait;
        private final TokenLife token;
        private final AtomicBoolean answered = new AtomicBoolean();
        private final Runnable wake = this::wake;
        private volatile XnioExecutor.@Nullable Key timeout;
        private volatile boolean over;
        /// Set before anything can run it.
        private Runnable leave = () -> {};

        private volatile Runnable written = () -> {};
        private volatile @Nullable ResumePosition from;

        private Poll(HttpServerExchange exchange, AdmittedUser admitted, @Nullable ResumePosition from, Duration wait) {
            this.exchange = exchange;
            this.admitted = admitted;
            this.from = from;
            this.wait = wait;
            this.token = opener.life(admitted);
        }

        private void begin() {
            if (!wait.isZero()) {
                ExchangeDeadline.lift(exchange);
                timeout = exchange.getIoThread().executeAfter(this::timedOut, waitMillis(), TimeUnit.MILLISECONDS);
            } else {
                over = true;
            }
            leave = opener.present(admitted);
            Peer.atEnd(exchange, this::end);
            admitted.session()
                    .onSignOut(() -> send(HttpAnswer.unauthorized(CloseCode.SIGNED_OUT, "the device was signed out")));
            answer();
        }

        private long waitMillis() {
            // The timer also counts in whole milliseconds, from another start.
            long tokenMillis = token.left(opener.nowMillis()).toMillis() + 1;
            return Math.min(wait.toMillis(), tokenMillis);
        }

        /// On the reader's thread.
        private void wake() {
            try {
                admission.blocking().execute(this::answer);
            } catch (RejectedExecutionException e) {
                LOG.debug("The gateway has stopped, and this poll with it");
            }
        }

        private void timedOut() {
            over = true;
            wake();
        }

        private void answer() {
            if (answered.get()) {
                return;
            }
            if (token.isOver(opener.nowMillis())) {
                send(HttpAnswer.unauthorized(CloseCode.TOKEN_EXPIRED, "token has expired"));
                return;
            }
            Polled polled;
            try {
                polled = polls.poll(admitted.user(), from, wake);
            } catch (RuntimeException e) {
                LOG.error("A poll failed", e);
                polled = new Unavailable();
            }
            if (answered.get()) {
                polls.forget(admitted.user(), wake);
            }
            switch (polled) {
                case Frames(var frames, var next) -> send(frames, next);
                case Nothing(var next) -> {
                    // Earlier deliveries are not read again.
                    from = next;
                    if (draining) {
                        long millis = jitter.nextLong(reconnectWithin.toMillis() + 1);
                        send(
                                List.of(ServerFrames.serverDraining(Duration.ofMillis(millis))),
                                polls.cursor(admitted.user(), next));
                    } else if (over) {
                        send(List.of(), polls.cursor(admitted.user(), next));
                    }
                }
                case Afresh(var next) -> {
                    ConnectionOpener.Afresh first = opener.afresh(admitted, next);
                    written = first.written();
                    send(first.frames(), next);
                }
                case Unavailable() -> send(HttpAnswer.error(ErrorCode.UNAVAILABLE, "not ready"));
            }
        }

        private void send(List<ServerFrame> frames, String next) {
            send(HttpAnswer.of(StatusCodes.OK, Json.bytes(json -> {
                json.writeStartObject();
                json.writeArrayFieldStart("frames");
                for (ServerFrame frame : frames) {
                    json.writeRawValue(frame.toString());
                }
                json.writeEndArray();
                json.writeStringField("cursor", next);
                json.writeEndObject();
            })));
        }

        private void send(HttpAnswer answer) {
            if (answered.compareAndSet(false, true)) {
                ExchangeDeadline.restart(exchange);
                exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "no-store");
                answer.send(exchange);
            }
        }

        /// Answered, or its client is gone.
        private void end() {
            answered.set(true);
            if (exchange.isResponseComplete() && exchange.getStatusCode() == StatusCodes.OK) {
                written.run();
            }
            XnioExecutor.Key key = timeout;
            if (key != null) {
                key.remove();
            }
            polls.forget(admitted.user(), wake);
            leave.run();
            admitted.giveBack().run();
        }
    }
}

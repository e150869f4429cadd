package chat.milena.syncapi.route;

import chat.milena.runtime.config.Secret;
import chat.milena.runtime.http.Peer;
import chat.milena.syncapi.barrier.Deadline;
import chat.milena.syncapi.read.Read;
import chat.milena.syncapi.read.ReadAnswer;
import chat.milena.syncapi.read.ReadsUnavailableException;
import chat.milena.syncapi.route.CopyReads.Attempt;
import chat.milena.syncapi.route.ReadCodec;
import chat.milena.syncapi.view.ViewCopies;
import chat.milena.syncapi.view.ViewCopy;
import chat.milena.syncapi.view.ViewName;
import io.undertow.io.Receiver;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Calls between instances, on a listener of its own that clients do not reach: reads of users who were
/// authenticated where their call came in, and the steps of a rebuild. Every call must carry the secret of the
/// installation.
///
/// | call | what |
/// | --- | --- |
/// | `POST /internal/v1/reads` with `X-Milena-Views` | reads that this instance owns in that version: 200, else 409 |
/// | `POST /internal/v1/reads` without | reads of any owner in this instance's copy: 200, or 503 |
/// | `GET /internal/v1/views` | the versions here, and their progress |
/// | `POST /internal/v1/views/begin`, `/switch`, `/retire` | the steps of a rebuild: 200, or 409 in the wrong state |
public final class InternalApi implements HttpHandler {
    /// Where it is mounted.
    public static final String PREFIX = "/internal/v1";

    static final String READS = PREFIX + "/reads";
    static final String VIEWS = "X-Milena-Views";
    static final String LEFT_MILLIS = "X-Milena-Left-Millis";

    private static final Logger LOG = LoggerFactory.getLogger(InternalApi.class);
    private static final String REBUILD = PREFIX + "/views";
    private static final int BODY_BYTES_MAX = 4 << 20;
    private static final String BEARER = "Bearer ";

    private final byte[] secret;
    private final ViewCopies copies;
    private final CopyReads owners;
    private final RoutedReads routed;
    private final RebuildSteps rebuild;
    private final Duration within;
    private final Executor blocking;
    private final Semaphore places;

    /// @param within maximum time of a read, whatever the caller requests
    /// @param inFlightMax calls in progress; beyond it 503
    InternalApi(
            Secret secret,
            ViewCopies copies,
            CopyReads owners,
            RoutedReads routed,
            RebuildSteps rebuild,
            Duration within,
            Executor blocking,
            int inFlightMax) {
        this.secret = bearer(secret);
        this.copies = copies;
        this.owners = owners;
        this.routed = routed;
        this.rebuild = rebuild;
        this.within = within;
        this.blocking = blocking;
        this.places = new Semaphore(inFlightMax);
    }

    /// The answer to a call; sent once.
    record Answer(int status, ByteBuffer json) {
        static Answer of(int status) {
            return of(status, new byte[0]);
        }

        static Answer of(int status, byte[] json) {
            return new Answer(status, ByteBuffer.wrap(json));
        }
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        if (!isAuthentic(exchange.getRequestHeaders().getFirst(Headers.AUTHORIZATION))) {
            // Before the body is read: a caller without the secret gets no memory.
            exchange.setStatusCode(StatusCodes.UNAUTHORIZED);
            exchange.setPersistent(false);
            exchange.endExchange();
            return;
        }
        Peer.admitted(exchange);
        Receiver receiver = exchange.getRequestReceiver();
        receiver.setMaxBufferSize(BODY_BYTES_MAX);
        receiver.receiveFullBytes(this::dispatch, (failed, error) -> {
            failed.setPersistent(false);
            failed.setStatusCode(StatusCodes.REQUEST_ENTITY_TOO_LARGE);
            failed.endExchange();
        });
    }

    private void dispatch(HttpServerExchange exchange, byte[] body) {
        if (!places.tryAcquire()) {
            send(exchange, Answer.of(StatusCodes.SERVICE_UNAVAILABLE));
            return;
        }
        exchange.dispatch(blocking, () -> {
            Answer answer;
            try {
                answer = answer(exchange, body);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                answer = Answer.of(StatusCodes.SERVICE_UNAVAILABLE);
            } catch (RuntimeException e) {
                LOG.error("{} {} failed", exchange.getRequestMethod(), exchange.getRequestPath(), e);
                answer = Answer.of(StatusCodes.SERVICE_UNAVAILABLE);
            } finally {
                places.release();
            }
            send(exchange, answer);
        });
    }

    private Answer answer(HttpServerExchange exchange, byte[] body) throws InterruptedException {
        HttpString method = exchange.getRequestMethod();
        String path = exchange.getRequestPath();
        if (path.equals(READS) && method.equals(Methods.POST)) {
            return reads(exchange, body);
        }
        if (path.equals(REBUILD) && method.equals(Methods.GET)) {
            return rebuild.status();
        }
        if (path.startsWith(REBUILD + "/") && method.equals(Methods.POST)) {
            return rebuild.step(path.substring(REBUILD.length() + 1));
        }
        return Answer.of(StatusCodes.NOT_FOUND);
    }

    private Answer reads(HttpServerExchange exchange, byte[] body) throws InterruptedException {
        List<Read<?>> reads;
        Optional<ViewCopy> asked;
        String views = exchange.getRequestHeaders().getFirst(VIEWS);
        Deadline deadline;
        try {
            reads = ReadCodec.readReads(body);
            asked = views == null ? Optional.empty() : copies.named(ViewName.parse(views));
            deadline = deadline(exchange.getRequestHeaders().getFirst(LEFT_MILLIS));
        } catch (IOException | IllegalArgumentException e) {
            return Answer.of(StatusCodes.BAD_REQUEST);
        }
        if (views == null) {
            try {
                return Answer.of(StatusCodes.OK, ReadCodec.writeAnswers(routed.askThisCopy(reads, deadline)));
            } catch (ReadsUnavailableException e) {
                return Answer.of(StatusCodes.SERVICE_UNAVAILABLE);
            }
        }
        if (asked.isEmpty()) {
            return Answer.of(StatusCodes.CONFLICT);
        }
        Attempt attempt = owners.attemptHere(asked.get(), reads, deadline);
        if (attempt.answers().contains(null)) {
            return Answer.of(StatusCodes.CONFLICT);
        }
        List<ReadAnswer<?>> answers = new ArrayList<>();
        attempt.answers().forEach(answer -> answers.add(Objects.requireNonNull(answer)));
        return Answer.of(StatusCodes.OK, ReadCodec.writeAnswers(answers));
    }

    private Deadline deadline(@Nullable String leftMillis) {
        Duration left = leftMillis == null ? within : Duration.ofMillis(Long.parseLong(leftMillis));
        return Deadline.in(left.compareTo(within) < 0 ? left : within);
    }

    private boolean isAuthentic(@Nullable String authorization) {
        return authorization != null && MessageDigest.isEqual(secret, authorization.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] bearer(Secret secret) {
        return (BEARER + secret.value()).getBytes(StandardCharsets.UTF_8);
    }

    private static void send(HttpServerExchange exchange, Answer answer) {
        exchange.setStatusCode(answer.status());
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json");
        exchange.getResponseSender().send(answer.json());
    }
}

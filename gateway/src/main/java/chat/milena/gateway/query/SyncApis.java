package chat.milena.gateway.query;

import chat.milena.protocol.call.GatewayQuestion;
import chat.milena.protocol.json.RecordJson;
import chat.milena.runtime.limit.WholeAnswer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The sync APIs of an installation, asked over HTTP. Safe for all threads; waits.
///
/// They are asked in turn. If one does not answer, or fails, the next one is asked within the same time, and the
/// failed one rests: for a moment it is asked last. One that answers 503 does not rest: it may lack only what this one
/// user reads.
public final class SyncApis implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SyncApis.class);
    private static final Duration CONNECT_WITHIN = Duration.ofMillis(500);
    private static final long REST_NANOS = Duration.ofSeconds(2).toNanos();
    private static final int UNAVAILABLE = 503;
    private static final String BEARER = "Bearer ";

    /// The callers bound their requests; this only keeps a broken answer from taking all memory.
    private static final long ANSWER_BYTES_MAX = 32 << 20;

    private final List<Place> places;
    private final SyncApisConfig config;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_WITHIN)
            .build();
    private final AtomicInteger turn = new AtomicInteger();

    /// A request.
    ///
    /// @param target path and query
    /// @param authorization the header
    /// @param body of a `POST`; null for a `GET`
    record Question(
            String target, String authorization, @Nullable String body) {}

    /// The answer of a sync API.
    public static final class Answer {
        private final int status;
        private final byte[] body;
        private final long retryAfterSeconds;

        private Answer(int status, byte[] body, long retryAfterSeconds) {
            this.status = status;
            this.body = body;
            this.retryAfterSeconds = retryAfterSeconds;
        }

        public int status() {
            return status;
        }

        /// Not copied: nobody changes it.
        public byte[] body() {
            return body;
        }

        /// 0 if it names no time.
        long retryAfterSeconds() {
            return retryAfterSeconds;
        }
    }

    /// One of the sync APIs.
    private static final class Place {
        private final URI url;
        private volatile long restsUntil = System.nanoTime();
        private volatile boolean wrongSecret;

        private Place(URI url) {
            this.url = url;
        }

        private boolean rests() {
            return restsUntil - System.nanoTime() > 0;
        }
    }

    public SyncApis(SyncApisConfig config) {
        this.config = config;
        this.places = config.urls().stream().map(Place::new).toList();
    }

    /// The address of one that rejects the secret of this process; null if none does as far as they can be
    /// reached.
    @Nullable
    URI rejecting() throws InterruptedException {
        Question question = ofGateway(new GatewayQuestion.Blocking("", "", List.of()));
        for (Place place : places) {
            try {
                if (send(place, question, config.within()).status() == 401) {
                    return place.url;
                }
            } catch (IOException e) {
                LOG.warn("The sync API at {} cannot be reached: {}", place.url, reason(e));
            }
        }
        return null;
    }

    /// Asks on behalf of this process.
    ///
    /// @return null if no sync API answers in time
    public @Nullable Answer ask(GatewayQuestion question) throws InterruptedException {
        return ask(ofGateway(question));
    }

    private Question ofGateway(GatewayQuestion question) {
        String body = new String(RecordJson.bytes((Record) question), StandardCharsets.UTF_8);
        return new Question(question.path(), BEARER + config.secret().value(), body);
    }

    /// Asks one after the other.
    ///
    /// @return null if no sync API answers in time
    @Nullable
    Answer ask(Question question) throws InterruptedException {
        long deadline = System.nanoTime() + config.within().toNanos();
        List<Place> order = order();
        Answer unavailable = null;
        for (int i = 0; i < order.size(); i++) {
            Duration left = Duration.ofNanos(deadline - System.nanoTime());
            if (!left.isPositive()) {
                break;
            }
            Place place = order.get(i);
            boolean isLast = i == order.size() - 1;
            try {
                Answer answer = send(place, question, isLast ? left : left.dividedBy(2));
                if (!isFailure(place, question, answer)) {
                    return answer;
                }
                if (answer.status() == UNAVAILABLE) {
                    unavailable = answer;
                    continue;
                }
            } catch (IOException e) {
                LOG.debug("The sync API at {} did not answer", place.url, e);
            }
            place.restsUntil = System.nanoTime() + REST_NANOS;
        }
        return unavailable;
    }

    private static boolean isFailure(Place place, Question question, Answer answer) {
        boolean rejected = answer.status() == 401 && question.target().startsWith("/internal/");
        if (rejected && !place.wrongSecret) {
            LOG.error("The sync API at {} rejects the secret of this process: it must be the same", place.url);
        }
        place.wrongSecret = rejected;
        return rejected || answer.status() >= 500;
    }

    private Answer send(Place place, Question question, Duration within) throws IOException, InterruptedException {
        String body = question.body();
        HttpRequest.Builder request = HttpRequest.newBuilder(place.url.resolve(question.target()))
                .timeout(within)
                .header("Authorization", question.authorization());
        HttpResponse<byte[]> response = WholeAnswer.of(
                http,
                (body == null ? request.GET() : request.POST(BodyPublishers.ofString(body))).build(),
                within,
                ANSWER_BYTES_MAX);
        return new Answer(response.statusCode(), response.body(), retryAfter(response));
    }

    private static long retryAfter(HttpResponse<?> response) {
        String text = response.headers().firstValue("Retry-After").orElse("");
        return text.matches("[0-9]{1,9}") ? Long.parseLong(text) : 0;
    }

    /// From another one with each question; those that rest come last.
    private List<Place> order() {
        int first = Math.floorMod(turn.getAndIncrement(), places.size());
        List<Place> order = new ArrayList<>(places.size());
        List<Place> resting = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            Place place = places.get((first + i) % places.size());
            (place.rests() ? resting : order).add(place);
        }
        order.addAll(resting);
        return order;
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}

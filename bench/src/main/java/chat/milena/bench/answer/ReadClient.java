package chat.milena.bench.answer;

import chat.milena.bench.call.HttpAnswer;
import chat.milena.bench.call.HttpConnections;
import chat.milena.bench.call.KeptTokens;
import chat.milena.bench.client.Backoff;
import chat.milena.bench.client.TokenSource;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// Reads as any user, from the instances of the read side in turn. Thread-safe.
///
/// [#read] blocks until there is an answer. If an instance refuses or does not answer, it is counted and the next
/// one is asked immediately. If no instance answers, the client waits as the server says, and gives up after its
/// patience. [#once] asks one instance once, for loads that count every refusal.
public final class ReadClient implements AutoCloseable {
    private static final Backoff BETWEEN_ROUNDS = new Backoff(Duration.ofMillis(20), Duration.ofSeconds(1));

    private final List<HttpConnections> origins;
    private final TokenSource tokens;
    private final Duration patience;
    private final AtomicInteger turn = new AtomicInteger();
    private final Refusals refusals = new Refusals();
    private final LongAdder done = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder gone = new LongAdder();
    private final LongAdder givenUp = new LongAdder();

    /// @param connectionsEach connections to each origin
    /// @param callPatience how long one instance may take
    /// @param patience how long a read may take over all its attempts
    public ReadClient(
            List<URI> origins,
            TokenSource tokens,
            int connectionsEach,
            int threadsEach,
            Duration callPatience,
            Duration patience) {
        this.origins = origins.stream()
                .map(origin -> new HttpConnections(origin, connectionsEach, threadsEach, callPatience))
                .toList();
        this.tokens = new KeptTokens(tokens);
        this.patience = patience;
    }

    /// The end of a read.
    public sealed interface Outcome {
        /// An answer, of any status.
        record Answered(HttpAnswer answer, URI origin) implements Outcome {}

        /// No answer, not even to the last attempt.
        ///
        /// @param pause the wait that the last instance asked for
        record GivenUp(String reason, Duration pause) implements Outcome {}
    }

    public CompletableFuture<HttpAnswer> once(ReadCall call) {
        return ask(origin(turn.getAndIncrement()), call);
    }

    public Outcome read(ReadCall call) throws InterruptedException {
        long beganNanos = System.nanoTime();
        int first = turn.getAndIncrement();
        Outcome outcome = tryOnce(origin(first), call);
        if (outcome instanceof Outcome.GivenUp) {
            long refusedNanos = System.nanoTime();
            refusals.begin(refusedNanos);
            try {
                outcome = tryAgain(call, first, outcome, beganNanos);
            } finally {
                refusals.end(refusedNanos, System.nanoTime());
            }
        }
        (outcome instanceof Outcome.Answered ? done : givenUp).increment();
        return outcome;
    }

    private Outcome tryAgain(ReadCall call, int first, Outcome firstOutcome, long beganNanos)
            throws InterruptedException {
        Outcome outcome = firstOutcome;
        for (int tries = 1;
                outcome instanceof Outcome.GivenUp refusal && System.nanoTime() - beganNanos < patience.toNanos();
                tries++) {
            if (tries % origins.size() == 0) {
                Duration wait = BETWEEN_ROUNDS.beforeAttempt(tries / origins.size() - 1, ThreadLocalRandom.current());
                TimeUnit.NANOSECONDS.sleep(wait.plus(refusal.pause()).toNanos());
            }
            // Each read counts from its own first instance. If all reads shared one counter, others might take
            // every turn of a good instance.
            outcome = tryOnce(origin(first + tries), call);
        }
        return outcome;
    }

    private Outcome tryOnce(HttpConnections origin, ReadCall call) throws InterruptedException {
        try {
            HttpAnswer answer = ask(origin, call).get();
            if (!answer.refused()) {
                return new Outcome.Answered(answer, origin.origin());
            }
            refused.increment();
            Duration asked = answer.retryAfter();
            return new Outcome.GivenUp("HTTP " + answer.status(), asked == null ? Duration.ZERO : asked);
        } catch (ExecutionException e) {
            gone.increment();
            return new Outcome.GivenUp(String.valueOf(e.getCause()), Duration.ZERO);
        }
    }

    public ReadCounts counts() {
        return new ReadCounts(
                done.sum(),
                refused.sum(),
                gone.sum(),
                givenUp.sum(),
                refusals.longestNanos() / 1e6,
                refusals.totalNanos() / 1e6);
    }

    private HttpConnections origin(int of) {
        return origins.get(Math.floorMod(of, origins.size()));
    }

    private CompletableFuture<HttpAnswer> ask(HttpConnections origin, ReadCall call) {
        return origin.call(call.path(), tokens.tokenFor(call.userId()), call.body());
    }

    @Override
    public void close() {
        origins.forEach(HttpConnections::close);
    }
}

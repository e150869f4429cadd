package chat.milena.push.classify;

import chat.milena.push.classify.ClassifierAnswer.Answered;
import chat.milena.push.classify.ClassifierAnswer.Failed;
import chat.milena.push.courier.Backoff;
import chat.milena.push.courier.Courier;
import chat.milena.push.courier.Parcel;
import chat.milena.push.courier.Reasons;
import chat.milena.push.courier.Verdict;
import chat.milena.schemas.key.EventKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks questions, each until it has an answer or its deadline is over, and each on a virtual thread. For all threads.
///
/// **Bounds:** those of [Backlog]. A question that had to wait for longer than [#WAIT_MAX] is not asked any more. With
/// attempts, a question ends after at most that time and [chat.milena.protocol.call.ClassifierBody#DEADLINE_MAX].
final class Asker {
    private static final Logger LOG = LoggerFactory.getLogger(Asker.class);

    /// A label of metrics.
    static final String CARRIER = "classifier";

    /// No room for the question.
    static final String BACKLOG = "backlog";

    /// It waited for too long.
    static final String OVERDUE = "overdue";

    static final Duration WAIT_MAX = Duration.ofSeconds(30);

    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2));

    private final Backlog backlog = new Backlog();
    private final ClassifierCall call;
    private final Courier courier;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final BiConsumer<Question, ClassifierAnswer> ended;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("classifier-ask-", 0).factory());
    private volatile boolean closing;

    /// @param nanoTime a time that never goes back
    /// @param ended takes the outcome of each question, on any thread
    Asker(
            ClassifierCall call,
            Courier courier,
            Clock clock,
            LongSupplier nanoTime,
            BiConsumer<Question, ClassifierAnswer> ended) {
        this.call = call;
        this.courier = courier;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.ended = ended;
    }

    /// Asks, when its turn has come. Never waits.
    void ask(Question question) {
        if (backlog.add(question)) {
            startMore();
        } else {
            ended.accept(question, new Failed(BACKLOG));
        }
    }

    /// Drops the question about a message that waits, since there is a later record of the message.
    ///
    /// @return null if none waits
    @Nullable
    Question drop(EventKey key) {
        return backlog.drop(key);
    }

    private void startMore() {
        for (Question question = backlog.next(); question != null; question = backlog.next()) {
            Question next = question;
            try {
                threads.execute(() -> end(next, outcome(next)));
            } catch (RejectedExecutionException e) {
                // This process stops; the next reader of the partition asks.
                backlog.ended(next);
            }
        }
    }

    /// The outcome is passed on before the question leaves the backlog: once nothing is asked any more, all have come.
    private void end(Question question, @Nullable ClassifierAnswer outcome) {
        if (outcome != null) {
            ended.accept(question, outcome);
        }
        backlog.ended(question);
        startMore();
    }

    private @Nullable ClassifierAnswer outcome(Question question) {
        try {
            return asked(question);
        } catch (RuntimeException e) {
            // Without its message, which may hold a content.
            LOG.error("A question failed: {}", e.getClass().getName());
            return new Failed(Reasons.FAULT);
        }
    }

    /// Null if this process stops first.
    private @Nullable ClassifierAnswer asked(Question question) {
        if (!closing && nanoTime.getAsLong() - question.readNanos() > WAIT_MAX.toNanos()) {
            return new Failed(OVERDUE);
        }
        AtomicReference<Answered> answer = new AtomicReference<>();
        long untilNanos =
                nanoTime.getAsLong() + question.classifier().deadline().toNanos();
        for (int attempt = 1; !closing; attempt++) {
            Duration left = Duration.ofNanos(untilNanos - nanoTime.getAsLong());
            Verdict verdict = courier.send(
                            new Parcel(CARRIER, question.tenant(), () -> call.start(question, left, answer::set)))
                    .join();
            if (verdict instanceof Verdict.Accepted) {
                return Objects.requireNonNull(answer.get());
            }
            if (!(verdict instanceof Verdict.Retry(String _, Instant notBefore))) {
                return new Failed(verdict.reason());
            }
            if (closing || verdict.reason().equals(Reasons.CLOSING)) {
                return null;
            }
            Instant now = clock.instant();
            Duration pause = Duration.between(now, BACKOFF.next(now, attempt, notBefore, ThreadLocalRandom.current()));
            if (untilNanos - nanoTime.getAsLong() <= pause.toNanos()) {
                return new Failed(verdict.reason());
            }
            try {
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
        }
        return null;
    }

    /// The questions that wait or are asked.
    int size() {
        return backlog.size();
    }

    /// Whether a tenant has half of its share of a partition.
    boolean isCrowded(String tenant, TopicPartition partition) {
        return backlog.isCrowded(tenant, partition);
    }

    /// Leaves the questions that wait.
    ///
    /// @param partition of these; null for all
    void leave(@Nullable TopicPartition partition) {
        backlog.leave(partition);
    }

    boolean isAsking() {
        return backlog.isAsking();
    }

    /// Begins no attempt any more.
    void close() {
        closing = true;
        backlog.leave(null);
    }

    /// Also ends attempts in progress.
    void closeNow() {
        close();
        threads.shutdownNow();
    }
}

package chat.milena.syncapi.barrier;

import chat.milena.runtime.lifecycle.Component;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Requests the ends of partitions of the log, for many readers together.
///
/// One request is in progress at a time. Readers that come during it share the next one: the answer to a request
/// that was sent before a reader came may be older than what the reader must see. So the load on the brokers does
/// not grow with the number of readers.
///
/// The end of a partition is its high watermark: it is beyond a commit whose markers are still being written.
public final class EndOffsets implements Component {
    private static final Logger LOG = LoggerFactory.getLogger(EndOffsets.class);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(1);

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Duration askWithin;
    private final int waitingMax;
    private final Timer asked;
    private final Thread thread;
    private final Queue<Question> waiting = new ArrayDeque<>();
    private boolean stopped;

    private record Question(Set<TopicPartition> partitions, CompletableFuture<Map<TopicPartition, Long>> answer) {}

    /// @param consumers makes a consumer that reads uncommitted records, whose ends are high watermarks
    /// @param askWithin how long the brokers may take
    /// @param waitingMax waiting readers; beyond it they are rejected
    public EndOffsets(
            Supplier<Consumer<byte[], byte[]>> consumers, Duration askWithin, int waitingMax, MeterRegistry meters) {
        this.consumers = consumers;
        this.askWithin = askWithin;
        this.waitingMax = waitingMax;
        this.asked = Timer.builder("milena.sync.end.offsets")
                .description("Requests to the brokers for the ends of partitions")
                .register(meters);
        this.thread = Thread.ofPlatform().daemon().name("end-offsets").unstarted(this::run);
    }

    @Override
    public String name() {
        return "end-offsets";
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public void stop(Duration within) throws InterruptedException {
        synchronized (this) {
            stopped = true;
            notifyAll();
        }
        thread.interrupt();
        thread.join(within.compareTo(STOP_WITHIN) < 0 ? within : STOP_WITHIN);
    }

    /// The ends of these partitions at some moment after this call. Fails if the brokers do not answer, or too
    /// many readers wait.
    public CompletableFuture<Map<TopicPartition, Long>> of(Set<TopicPartition> partitions) {
        CompletableFuture<Map<TopicPartition, Long>> answer = new CompletableFuture<>();
        synchronized (this) {
            if (stopped || waiting.size() >= waitingMax) {
                answer.completeExceptionally(new IllegalStateException(stopped ? "stopped" : "too many wait"));
            } else {
                waiting.add(new Question(partitions, answer));
                notifyAll();
            }
        }
        return answer;
    }

    private void run() {
        try {
            while (true) {
                answerByOneConsumer(taken());
            }
        } catch (InterruptedException | InterruptException e) {
            LOG.debug("No longer asking for the ends of partitions");
        } finally {
            refuseAll(new IllegalStateException("stopped"));
        }
    }

    /// Returns when the consumer has failed permanently. The next request makes a new one; one that cannot be made
    /// is tried once a request.
    private void answerByOneConsumer(List<Question> first) throws InterruptedException {
        List<Question> questions = first;
        try (Consumer<byte[], byte[]> consumer = consumers.get()) {
            while (true) {
                answer(consumer, questions);
                questions = taken();
            }
        } catch (InterruptException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error("The request for the ends of partitions failed", e);
            for (Question question : questions) {
                question.answer().completeExceptionally(e);
            }
        }
    }

    private synchronized List<Question> taken() throws InterruptedException {
        while (waiting.isEmpty()) {
            if (stopped) {
                throw new InterruptedException();
            }
            wait();
        }
        List<Question> taken = new ArrayList<>(waiting);
        waiting.clear();
        return taken;
    }

    private void answer(Consumer<byte[], byte[]> consumer, List<Question> questions) {
        Set<TopicPartition> all = new HashSet<>();
        questions.forEach(question -> all.addAll(question.partitions()));
        assign(consumer, all);
        Map<TopicPartition, Long> ends;
        long began = System.nanoTime();
        try {
            ends = consumer.endOffsets(all, askWithin);
        } catch (RetriableException e) {
            questions.forEach(question -> question.answer().completeExceptionally(e));
            return;
        } catch (RuntimeException e) {
            questions.forEach(question -> question.answer().completeExceptionally(e));
            throw e;
        }
        asked.record(Duration.ofNanos(System.nanoTime() - began));
        for (Question question : questions) {
            Map<TopicPartition, Long> own = new HashMap<>();
            question.partitions().forEach(partition -> own.put(partition, ends.get(partition)));
            question.answer().complete(own);
        }
    }

    /// A consumer warns of each end of a partition that is not assigned to it.
    private static void assign(Consumer<byte[], byte[]> consumer, Set<TopicPartition> asked) {
        Set<TopicPartition> assigned = consumer.assignment();
        if (!assigned.containsAll(asked)) {
            Set<TopicPartition> more = new HashSet<>(assigned);
            more.addAll(asked);
            consumer.assign(more);
        }
    }

    private synchronized void refuseAll(Throwable cause) {
        stopped = true;
        waiting.forEach(question -> question.answer().completeExceptionally(cause));
        waiting.clear();
    }
}

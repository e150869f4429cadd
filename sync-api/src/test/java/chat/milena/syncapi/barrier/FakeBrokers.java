package chat.milena.syncapi.barrier;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.internals.AutoOffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/// Brokers that know how far partitions go, and answer when the test lets them. Whatever is written while a question is
/// under way is not in its answer. Safe for all threads.
final class FakeBrokers {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Map<TopicPartition, Long> ends = new ConcurrentHashMap<>();
    private final List<Set<TopicPartition>> questions = new CopyOnWriteArrayList<>();
    private final Queue<RuntimeException> failures = new ConcurrentLinkedQueue<>();
    private final Queue<RuntimeException> refusals = new ConcurrentLinkedQueue<>();
    private final Semaphore answers = new Semaphore(0);
    private final AtomicInteger made = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();

    /// A consumer of these brokers.
    Consumer<byte[], byte[]> consumer() {
        made.incrementAndGet();
        RuntimeException refusal = refusals.poll();
        if (refusal != null) {
            closed.incrementAndGet();
            throw refusal;
        }
        return new Asking();
    }

    void write(TopicPartition partition, long end) {
        ends.put(partition, end);
    }

    /// The next question, beside those that may be answered already, is answered so.
    void answerOne() {
        answers.release();
    }

    void answerAll() {
        answers.release(1_000_000);
    }

    /// The question that is answered next fails so.
    void fail(RuntimeException failure) {
        failures.add(failure);
    }

    /// The consumer that is made next cannot be made.
    void refuse(RuntimeException refusal) {
        refusals.add(refusal);
    }

    void awaitQuestions(int count) {
        await().atMost(PATIENCE).until(() -> questions.size() >= count);
    }

    /// What was asked so far, answered or not.
    List<Set<TopicPartition>> questions() {
        return List.copyOf(questions);
    }

    /// Those that could not be made as well.
    int consumersMade() {
        return made.get();
    }

    int consumersOpen() {
        return made.get() - closed.get();
    }

    private final class Asking extends MockConsumer<byte[], byte[]> {
        private Asking() {
            super(AutoOffsetResetStrategy.EARLIEST.name());
        }

        @Override
        public synchronized Map<TopicPartition, Long> endOffsets(
                Collection<TopicPartition> partitions, Duration timeout) {
            Map<TopicPartition, Long> asOfNow = new HashMap<>();
            partitions.forEach(partition -> asOfNow.put(partition, ends.getOrDefault(partition, 0L)));
            questions.add(Set.copyOf(partitions));
            try {
                answers.acquire();
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
            RuntimeException failure = failures.poll();
            if (failure != null) {
                throw failure;
            }
            return asOfNow;
        }

        @Override
        public synchronized void close() {
            closed.incrementAndGet();
        }
    }
}

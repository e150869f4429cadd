package chat.milena.syncapi.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.milena.syncapi.barrier.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class ReadTurnsTest {
    private static final Deadline LATER = Deadline.in(Duration.ofMinutes(1));

    @Test
    void noMoreThanTheBoundReadAtTheSameTimeAndAllAreAnswered() throws Exception {
        ReadTurns turns = new ReadTurns(2);
        AtomicInteger reading = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                int number = i;
                answers.add(threads.submit(() -> turns.take(LATER, () -> {
                    most.accumulateAndGet(reading.incrementAndGet(), Math::max);
                    LockSupport.parkNanos(1_000);
                    reading.decrementAndGet();
                    return number;
                })));
            }
            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).get()).isEqualTo(i);
            }
        }
        assertThat(most.get()).isLessThanOrEqualTo(2);
    }

    @Test
    void readWithoutATurnIsUnansweredAtItsDeadline() throws Exception {
        ReadTurns turns = new ReadTurns(1);
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> first = threads.submit(() -> turns.take(LATER, () -> {
                started.countDown();
                await(end);
                return "first";
            }));
            started.await();
            Deadline over = Deadline.in(Duration.ZERO);
            assertThatThrownBy(() -> turns.take(over, () -> "second")).isInstanceOf(UnansweredException.class);
            end.countDown();
            assertThat(first.get()).isEqualTo("first");
        }
        assertThat(turns.<String>take(LATER, () -> "third")).isEqualTo("third");
    }

    @Test
    void readThatFailsReturnsItsTurn() throws Exception {
        ReadTurns turns = new ReadTurns(1);
        assertThatThrownBy(() -> turns.take(LATER, () -> {
                    throw new IllegalStateException("the stores are not here");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(turns.<String>take(LATER, () -> "next")).isEqualTo("next");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

package chat.milena.streams.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ViewProgressTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final TopicPartition LOG = new TopicPartition("log", 3);
    private static final TopicPartition OTHER = new TopicPartition("log", 4);

    private final ViewProgress progress = new ViewProgress();
    private final int reader = progress.reader();

    @Test
    void nothingIsReachedBeforeTheFirstPoll() {
        assertThat(progress.reached(Map.of(LOG, 0L))).isFalse();
        assertThat(progress.follows(Set.of(LOG))).isFalse();
        assertThat(progress.lag(Map.of(LOG, 7L))).isEqualTo(7);
    }

    @Test
    void recordsThatArePolledButNotAppliedHoldBack() {
        polls(reader, 3, 0, 1, 2);

        assertThat(progress.reached(Map.of(LOG, 1L))).isFalse();
        assertThat(progress.follows(Set.of(LOG))).isTrue();

        applies(0, 1);

        assertThat(progress.reached(Map.of(LOG, 2L))).isTrue();
        assertThat(progress.reached(Map.of(LOG, 3L))).isFalse();
    }

    @Test
    void markersBehindTheLastRecordCountOnceAllThatWasPolledIsApplied() {
        polls(reader, 7, 0, 2, 3);
        applies(0, 2);

        assertThat(progress.reached(Map.of(LOG, 4L))).isFalse();
        assertThat(progress.lag(Map.of(LOG, 7L))).isEqualTo(4);

        applies(3);

        assertThat(progress.reached(Map.of(LOG, 7L))).isTrue();
        assertThat(progress.reached(Map.of(LOG, 8L))).isFalse();
        assertThat(progress.lag(Map.of(LOG, 7L))).isZero();
    }

    @Test
    void pollWithoutRecordsPassesMarkersButNothingThatWaitsToBeApplied() {
        polls(reader, 2, 0, 1);
        applies(0);

        polls(reader, 9);
        assertThat(progress.reached(Map.of(LOG, 1L))).isTrue();
        assertThat(progress.reached(Map.of(LOG, 2L))).isFalse();

        applies(1);
        assertThat(progress.reached(Map.of(LOG, 9L))).isTrue();

        polls(reader, 12);
        assertThat(progress.reached(Map.of(LOG, 12L))).isTrue();
    }

    @Test
    void recordsOfALaterPollHoldBackThoughThoseOfTheFirstAreApplied() {
        polls(reader, 2, 0, 1);
        polls(reader, 4, 2, 3);

        applies(0, 1);

        assertThat(progress.reached(Map.of(LOG, 2L))).isTrue();
        assertThat(progress.reached(Map.of(LOG, 3L))).isFalse();
    }

    @Test
    void rereadingAfterATaskStartedOverHoldsBackUntilItIsAppliedAgain() {
        polls(reader, 5, 0, 1, 2, 3, 4);
        applies(0, 1, 2, 3, 4);
        assertThat(progress.reached(Map.of(LOG, 5L))).isTrue();

        polls(reader, 5, 2, 3, 4);
        assertThat(progress.reached(Map.of(LOG, 2L))).isTrue();
        assertThat(progress.reached(Map.of(LOG, 3L))).isFalse();

        applies(2, 3, 4);
        assertThat(progress.reached(Map.of(LOG, 5L))).isTrue();
    }

    @Test
    void goingBackShowsBeforeTheFirstRecordIsReadAgain() {
        polls(reader, 5, 0, 1, 2, 3, 4);
        applies(0, 1, 2, 3, 4);

        polls(reader, 2);

        assertThat(progress.reached(Map.of(LOG, 2L))).isTrue();
        assertThat(progress.reached(Map.of(LOG, 3L))).isFalse();
    }

    @Test
    void partitionThatIsLostIsNotFollowedAndNotReached() {
        polls(reader, 2, 0, 1);
        applies(0, 1);

        progress.polled(reader, ConsumerRecords.empty(), Map.of(), Set.of());

        assertThat(progress.follows(Set.of(LOG))).isFalse();
        assertThat(progress.reached(Map.of(LOG, 1L))).isFalse();

        // Nor does a record that was still on its way bring it back.
        applies(1);
        assertThat(progress.follows(Set.of(LOG))).isFalse();
    }

    @Test
    void consumerThatTookAPartitionKeepsItWhenTheOneBeforeLearnsThatItLostIt() {
        int second = progress.reader();
        polls(reader, 2, 0, 1);

        polls(second, 0);
        progress.polled(reader, ConsumerRecords.empty(), Map.of(), Set.of());

        assertThat(progress.follows(Set.of(LOG))).isTrue();
        assertThat(progress.reached(Map.of(LOG, 1L)))
                .as("what the first one polled is not applied by the second")
                .isFalse();

        polls(second, 2, 0, 1);
        applies(0, 1);
        assertThat(progress.reached(Map.of(LOG, 2L))).isTrue();
    }

    @Test
    void whatAConsumerLeftUnappliedDoesNotHoldBackTheOneThatGoesOnBehindIt() {
        int second = progress.reader();
        polls(reader, 2, 0, 1);
        applies(0);

        polls(second, 2);

        assertThat(progress.reached(Map.of(LOG, 2L)))
                .as("somebody else applied the rest, and the store was restored")
                .isTrue();
    }

    @Test
    void partitionWhosePositionIsNotKnownCountsAsNotBegun() {
        progress.polled(reader, ConsumerRecords.empty(), Map.of(), Set.of(LOG));

        assertThat(progress.follows(Set.of(LOG))).isFalse();
        assertThat(progress.reached(Map.of(LOG, 0L))).isFalse();
    }

    @Test
    void allPartitionsMustBeThere() {
        polls(reader, 2, 0, 1);
        applies(0, 1);

        assertThat(progress.reached(Map.of(LOG, 2L, OTHER, 0L))).isFalse();
        assertThat(progress.follows(Set.of(LOG, OTHER))).isFalse();

        progress.polled(reader, ConsumerRecords.empty(), Map.of(LOG, 2L, OTHER, 5L), Set.of(LOG, OTHER));

        assertThat(progress.reached(Map.of(LOG, 2L, OTHER, 5L))).isTrue();
        assertThat(progress.follows(Set.of(LOG, OTHER))).isTrue();
        assertThat(progress.lag(Map.of(LOG, 3L, OTHER, 7L))).isEqualTo(3);
    }

    @Test
    void waitingEndsWithoutSuccessWhenItsTimeIsOver() throws InterruptedException {
        polls(reader, 2, 0, 1);
        applies(0);

        assertThat(progress.await(Map.of(LOG, 2L), Duration.ofMillis(20))).isFalse();
        assertThat(progress.await(Map.of(LOG, 2L), Duration.ZERO)).isFalse();
        assertThat(progress.await(Map.of(LOG, 1L), Duration.ZERO)).isTrue();
    }

    @Test
    void waitingEndsWhenTheLastRecordIsApplied() throws Exception {
        polls(reader, 4, 0, 1);
        try (Waiters waiters = new Waiters(1)) {
            Future<Boolean> waiter = waiters.waitFor(4);
            waiters.awaitAllWaiting();

            applies(0, 1);

            assertThat(waiter.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void waitingEndsWhenMarkersArePassed() throws Exception {
        polls(reader, 2, 0, 1);
        applies(0, 1);
        try (Waiters waiters = new Waiters(1)) {
            Future<Boolean> waiter = waiters.waitFor(3);
            waiters.awaitAllWaiting();

            polls(reader, 3);

            assertThat(waiter.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void eachOfManyWaitersGoesOnWhenItsOwnEndIsReachedAndNotBefore() throws Exception {
        int count = 64;
        polls(reader, 0);
        try (Waiters waiters = new Waiters(count)) {
            List<Future<Boolean>> ends = new ArrayList<>();
            for (int end = 1; end <= count; end++) {
                ends.add(waiters.waitFor(end));
            }
            waiters.awaitAllWaiting();

            for (int offset = 0; offset < count; offset++) {
                polls(reader, offset + 1, offset);
                applies(offset);

                assertThat(ends.get(offset).get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
                assertThat(ends.subList(offset + 1, count)).noneMatch(Future::isDone);
            }
        }
    }

    private void polls(int owner, long next, long... offsets) {
        List<ConsumerRecord<byte[], byte[]>> records = LongStream.of(offsets)
                .mapToObj(offset ->
                        new ConsumerRecord<>(LOG.topic(), LOG.partition(), offset, new byte[] {1}, new byte[] {2}))
                .toList();
        ConsumerRecords<byte[], byte[]> polled =
                records.isEmpty() ? ConsumerRecords.empty() : new ConsumerRecords<>(Map.of(LOG, records), Map.of());
        progress.polled(owner, polled, Map.of(LOG, next), Set.of(LOG));
    }

    private void applies(long... offsets) {
        for (long offset : offsets) {
            progress.applied(LOG.topic(), LOG.partition(), offset);
        }
    }

    /// Threads that wait for the log to be read to some offset.
    private final class Waiters implements AutoCloseable {
        private final List<Thread> threads = new ArrayList<>();
        private final ExecutorService pool;

        private Waiters(int count) {
            pool = Executors.newFixedThreadPool(count, task -> {
                Thread thread = new Thread(task);
                synchronized (threads) {
                    threads.add(thread);
                }
                return thread;
            });
        }

        private Future<Boolean> waitFor(long end) {
            return pool.submit(() -> progress.await(Map.of(LOG, end), PATIENCE));
        }

        private void awaitAllWaiting() {
            synchronized (threads) {
                await().atMost(PATIENCE)
                        .until(() ->
                                threads.stream().allMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING));
            }
        }

        @Override
        public void close() {
            pool.shutdownNow();
        }
    }
}

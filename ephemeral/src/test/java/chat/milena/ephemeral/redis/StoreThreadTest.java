package chat.milena.ephemeral.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.runtime.lifecycle.Readiness;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The loop around a store that comes, goes and fails.
class StoreThreadTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration OFTEN = Duration.ofMillis(1);

    private final Readiness readiness = new Readiness();
    private final FakeWork work = new FakeWork();
    private final StoreThread<FakeStore> thread = new StoreThread<>(
            new StoreThread.Notices("things", "paused", "Things are paused", "things go on"), work, readiness);

    @AfterEach
    void close() throws InterruptedException {
        thread.close();
    }

    @Test
    void opensAgainAfterTheStoreWasAwayAndClosesEachOne() throws InterruptedException {
        thread.start();
        awaitServing(1);
        assertThat(readiness.describe()).isEqualTo("things: ready");

        work.failure = new StoreAwayException("away");
        await().atMost(PATIENCE).until(() -> readiness.describe().equals("things: paused"));
        assertThat(readiness.ready()).isTrue();
        await().atMost(PATIENCE).until(() -> work.refused.get() >= 2);
        assertThat(work.opened).hasValue(1);
        assertThat(work.closed).hasValue(1);

        work.failure = null;
        awaitServing(2);
        thread.close();
        assertThat(work.closed).hasValue(2);
        assertThat(work.last).as("what is still to be done at the end is done").isTrue();
    }

    @Test
    void beginsAnewWhenTheWorkItselfFails() {
        thread.start();
        awaitServing(1);
        work.failure = new IllegalStateException("expected by this test");
        await().atMost(PATIENCE).until(() -> work.closed.get() == 1);
        work.failure = null;
        awaitServing(2);
    }

    @Test
    void theWorkHearsAgainAndAgainThatTheStoreIsAway() {
        work.failure = new StoreAwayException("away");
        thread.start();
        await().atMost(PATIENCE).until(() -> work.away.get() > 2 * work.refused.get() && work.refused.get() > 2);

        work.failure = null;
        awaitServing(1);
        int heard = work.away.get();
        int rounds = work.rounds.get();
        await().atMost(PATIENCE).until(() -> work.rounds.get() > rounds + 100);
        assertThat(work.away).as("not while it is there").hasValue(heard);
    }

    @Test
    void goesOnAfterTheWorkFailedWhileTheStoreWasAway() {
        work.failure = new StoreAwayException("away");
        work.failsAway = true;
        thread.start();
        await().atMost(PATIENCE).until(() -> work.refused.get() > 1);

        work.failure = null;
        awaitServing(1);
    }

    @Test
    void storeThatOpensAndThenDoesNothingIsTriedEverLessOften() {
        work.failsServing = true;
        thread.start();
        await().atMost(PATIENCE).until(() -> work.opened.get() == 6);

        // Pauses of 0.1, 0.2, 0.4, 0.8 and 1 s, each at least half of that; all of 0.1 s would be 0.75 s at most.
        assertThat(work.nanosToLastOpen())
                .isGreaterThan(Duration.ofMillis(1_200).toNanos());
    }

    @Test
    void theWorkHearsAtTheEndThatThereIsNoStore() throws InterruptedException {
        thread.start();
        awaitServing(1);
        int heard = work.away.get();
        thread.close();
        assertThat(work.away).hasValueGreaterThan(heard);
        assertThat(work.serving).isFalse();
        assertThat(readiness.describe()).isEmpty();
        assertThat(thread.isClosed()).isTrue();
    }

    @Test
    void endsWhileItWaitsForTheStore() throws InterruptedException {
        work.failure = new StoreAwayException("away");
        thread.start();
        await().atMost(PATIENCE).until(() -> work.refused.get() >= 1);
        thread.close();
        int refused = work.refused.get();
        int heard = work.away.get();
        thread.close();
        assertThat(work.refused).hasValue(refused);
        assertThat(work.away).hasValue(heard);
        assertThat(readiness.describe()).isEmpty();
    }

    @Test
    void closesBeforeItStarts() throws InterruptedException {
        thread.close();
        assertThat(work.opened).hasValue(0);
        assertThat(work.away).hasValue(0);
    }

    private void awaitServing(int opened) {
        await().atMost(PATIENCE).until(() -> work.serving.get() && work.opened.get() == opened);
    }

    private record FakeStore(AtomicInteger closed) implements SharedStore {
        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    /// Does nothing with the store, often, until it is told to fail.
    private final class FakeWork implements StoreThread.Work<FakeStore> {
        final AtomicInteger opened = new AtomicInteger();
        final AtomicInteger closed = new AtomicInteger();
        final AtomicInteger refused = new AtomicInteger();
        final AtomicInteger rounds = new AtomicInteger();
        final AtomicInteger away = new AtomicInteger();
        final AtomicBoolean serving = new AtomicBoolean();
        final AtomicBoolean last = new AtomicBoolean();
        volatile @Nullable RuntimeException failure;
        volatile boolean failsAway;
        volatile boolean failsServing;
        private volatile long firstOpenNanos;
        private volatile long lastOpenNanos;

        long nanosToLastOpen() {
            return lastOpenNanos - firstOpenNanos;
        }

        @Override
        public FakeStore open() {
            RuntimeException thrown = failure;
            if (thrown != null) {
                refused.incrementAndGet();
                throw thrown;
            }
            lastOpenNanos = System.nanoTime();
            firstOpenNanos = opened.get() == 0 ? lastOpenNanos : firstOpenNanos;
            opened.incrementAndGet();
            return new FakeStore(closed);
        }

        @Override
        public void serve(FakeStore store) throws InterruptedException {
            if (failsServing) {
                throw new StoreAwayException("read only");
            }
            readiness.set("things", true, "");
            serving.set(true);
            while (!thread.closesWithin(OFTEN)) {
                rounds.incrementAndGet();
                RuntimeException thrown = failure;
                if (thrown != null) {
                    throw thrown;
                }
            }
            last.set(true);
        }

        @Override
        public void away() {
            serving.set(false);
            away.incrementAndGet();
            if (failsAway) {
                throw new IllegalStateException("expected by this test");
            }
        }
    }
}

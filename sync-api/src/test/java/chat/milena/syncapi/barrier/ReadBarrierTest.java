package chat.milena.syncapi.barrier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import chat.milena.streams.progress.ProgressProbe;
import chat.milena.syncapi.barrier.ReadBarrier.BehindException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ReadBarrierTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final TopicPartition LOG = new TopicPartition("log", 0);

    private final FakeBrokers brokers = new FakeBrokers();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final EndOffsets ends = new EndOffsets(brokers::consumer, PATIENCE, 10, meters);
    private final ReadBarrier barrier = new ReadBarrier(ends, meters);
    private final ProgressProbe views = new ProgressProbe();

    @BeforeEach
    void start() {
        brokers.write(LOG, 9);
        ends.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        ends.stop(PATIENCE);
    }

    @Test
    void barrierStandsAtTheEndThatTheLogHasNow() throws Exception {
        brokers.answerOne();

        assertThat(barrier.raise(Set.of(LOG), Deadline.in(PATIENCE))).isEqualTo(Map.of(LOG, 9L));
    }

    @Test
    void readIsBehindWhenTheBrokersDoNotSayInTime() {
        assertThatExceptionOfType(BehindException.class)
                .isThrownBy(() -> barrier.raise(Set.of(LOG), Deadline.in(SHORT)))
                .withMessageContaining("in time");
    }

    @Test
    void readIsBehindWhenTheBrokersFail() {
        brokers.fail(new KafkaException("spoiled"));
        brokers.answerOne();

        assertThatExceptionOfType(BehindException.class)
                .isThrownBy(() -> barrier.raise(Set.of(LOG), Deadline.in(PATIENCE)))
                .withMessageContaining("spoiled");
    }

    @Test
    void viewsThatAreThereLetAReadPassWithoutAnyWait() {
        views.comesTo(LOG, 9);

        assertThatCode(() -> barrier.pass(Map.of(LOG, 9L), views.progress(), Deadline.in(Duration.ZERO)))
                .doesNotThrowAnyException();
        assertThat(meters.get("milena.sync.barrier").timer().count()).isEqualTo(1);
    }

    @Test
    void readPassesWhenTheViewsComeThereAndNotBefore() throws Exception {
        views.comesTo(LOG, 7);
        FutureTask<Boolean> read = new FutureTask<>(() -> {
            barrier.pass(Map.of(LOG, 9L), views.progress(), Deadline.in(PATIENCE));
            return true;
        });
        Thread reader = Thread.ofPlatform().start(read);
        await().atMost(PATIENCE).until(() -> reader.getState() == Thread.State.TIMED_WAITING);

        views.comesTo(LOG, 8);
        assertThat(read).isNotDone();
        views.comesTo(LOG, 9);

        assertThat(read.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void readIsBehindWhenTheViewsDoNotComeInTime() {
        views.comesTo(LOG, 7);

        assertThatExceptionOfType(BehindException.class)
                .isThrownBy(() -> barrier.pass(Map.of(LOG, 9L), views.progress(), Deadline.in(SHORT)))
                .withMessage("2 records behind");
    }

    @Test
    void deadlineHasNothingLeftOnceItIsOver() {
        assertThat(Deadline.in(Duration.ZERO).isOver()).isTrue();
        assertThat(Deadline.in(Duration.ofSeconds(-1)).left()).isZero();
        assertThat(Deadline.in(PATIENCE).isOver()).isFalse();
        assertThat(Deadline.in(PATIENCE).left()).isPositive().isLessThanOrEqualTo(PATIENCE);
    }
}

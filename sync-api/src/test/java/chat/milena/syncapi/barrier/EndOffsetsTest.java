package chat.milena.syncapi.barrier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class EndOffsetsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int WAITING_MAX = 100;
    private static final TopicPartition LOG = new TopicPartition("log", 0);
    private static final TopicPartition OTHER = new TopicPartition("log", 1);

    private final FakeBrokers brokers = new FakeBrokers();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final EndOffsets ends = new EndOffsets(brokers::consumer, PATIENCE, WAITING_MAX, meters);

    @BeforeEach
    void start() {
        brokers.write(LOG, 5);
        brokers.write(OTHER, 50);
        ends.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        ends.stop(PATIENCE);
        assertThat(brokers.consumersOpen()).as("consumers left open").isZero();
    }

    @Test
    void answerIsHowFarThePartitionsGo() throws Exception {
        brokers.answerOne();

        assertThat(result(ends.of(Set.of(LOG, OTHER)))).isEqualTo(Map.of(LOG, 5L, OTHER, 50L));
        assertThat(meters.get("milena.sync.end.offsets").timer().count()).isEqualTo(1);
    }

    /// The safety of the read barrier: the question that is under way may have been answered before the write.
    @Test
    void whoComesWhileAQuestionIsUnderWayIsAnsweredByTheNextOne() throws Exception {
        CompletableFuture<Map<TopicPartition, Long>> before = ends.of(Set.of(LOG));
        brokers.awaitQuestions(1);
        brokers.write(LOG, 6);
        CompletableFuture<Map<TopicPartition, Long>> after = ends.of(Set.of(LOG));

        brokers.answerAll();

        assertThat(result(before)).isEqualTo(Map.of(LOG, 5L));
        assertThat(result(after)).isEqualTo(Map.of(LOG, 6L));
        assertThat(brokers.questions()).hasSize(2);
    }

    @Test
    void allWhoComeWhileAQuestionIsUnderWayShareTheNextOneAndEachHearsOfItsOwn() throws Exception {
        CompletableFuture<Map<TopicPartition, Long>> first = ends.of(Set.of(LOG));
        brokers.awaitQuestions(1);
        brokers.write(LOG, 6);
        List<CompletableFuture<Map<TopicPartition, Long>>> ofLog = new ArrayList<>();
        List<CompletableFuture<Map<TopicPartition, Long>>> ofOther = new ArrayList<>();
        for (int i = 0; i < WAITING_MAX / 2; i++) {
            ofLog.add(ends.of(Set.of(LOG)));
            ofOther.add(ends.of(Set.of(OTHER)));
        }

        brokers.answerAll();

        assertThat(result(first)).isEqualTo(Map.of(LOG, 5L));
        for (CompletableFuture<Map<TopicPartition, Long>> answer : ofLog) {
            assertThat(result(answer)).isEqualTo(Map.of(LOG, 6L));
        }
        for (CompletableFuture<Map<TopicPartition, Long>> answer : ofOther) {
            assertThat(result(answer)).isEqualTo(Map.of(OTHER, 50L));
        }
        assertThat(brokers.questions()).containsExactly(Set.of(LOG), Set.of(LOG, OTHER));
        assertThat(brokers.consumersMade()).isEqualTo(1);
    }

    @Test
    void brokersThatDoNotAnswerInTimeAreAskedAgainByTheSameConsumer() throws Exception {
        assertAllFailAndTheNextSucceeds(new TimeoutException("no broker answers"));
        assertThat(brokers.consumersMade()).isEqualTo(1);
    }

    @Test
    void consumerThatFailedForGoodIsReplaced() throws Exception {
        assertAllFailAndTheNextSucceeds(new KafkaException("spoiled"));
        assertThat(brokers.consumersMade()).isEqualTo(2);
        assertThat(brokers.consumersOpen()).isEqualTo(1);
    }

    private void assertAllFailAndTheNextSucceeds(KafkaException failure) throws Exception {
        CompletableFuture<Map<TopicPartition, Long>> first = ends.of(Set.of(LOG));
        brokers.awaitQuestions(1);
        List<CompletableFuture<Map<TopicPartition, Long>>> sharing =
                List.of(ends.of(Set.of(LOG)), ends.of(Set.of(OTHER)), ends.of(Set.of(LOG, OTHER)));
        brokers.answerOne();
        result(first);
        brokers.awaitQuestions(2);

        brokers.fail(failure);
        brokers.answerOne();

        for (CompletableFuture<Map<TopicPartition, Long>> asker : sharing) {
            assertFails(asker, failure);
        }
        brokers.answerOne();
        assertThat(result(ends.of(Set.of(LOG)))).isEqualTo(Map.of(LOG, 5L));
    }

    @Test
    void consumerThatCannotBeMadeFailsWhoAskedAndIsTriedAgainForTheNextQuestionOnly() throws Exception {
        KafkaException refusal = new KafkaException("no such host");
        brokers.refuse(refusal);
        brokers.answerAll();

        assertFails(ends.of(Set.of(LOG)), refusal);
        assertThat(result(ends.of(Set.of(LOG)))).isEqualTo(Map.of(LOG, 5L));
        assertThat(brokers.consumersMade()).isEqualTo(2);
    }

    @Test
    void whoComesBeyondTheBoundIsRefusedAtOnceAndTheOthersAreAnswered() throws Exception {
        List<CompletableFuture<Map<TopicPartition, Long>>> taken = new ArrayList<>();
        taken.add(ends.of(Set.of(LOG)));
        brokers.awaitQuestions(1);
        for (int i = 0; i < WAITING_MAX; i++) {
            taken.add(ends.of(Set.of(LOG)));
        }

        CompletableFuture<Map<TopicPartition, Long>> beyond = ends.of(Set.of(LOG));

        assertThat(beyond).isCompletedExceptionally();
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(beyond::get)
                .withMessageContaining("too many wait");
        brokers.answerAll();
        for (CompletableFuture<Map<TopicPartition, Long>> answer : taken) {
            assertThat(result(answer)).isEqualTo(Map.of(LOG, 5L));
        }
        assertThat(result(ends.of(Set.of(LOG)))).as("there is room again").isEqualTo(Map.of(LOG, 5L));
    }

    @Test
    void stopRefusesWhoWaitsAndWhoComesLater() throws Exception {
        CompletableFuture<Map<TopicPartition, Long>> underWay = ends.of(Set.of(LOG));
        brokers.awaitQuestions(1);
        CompletableFuture<Map<TopicPartition, Long>> waiting = ends.of(Set.of(LOG));

        ends.stop(PATIENCE);

        await().atMost(PATIENCE).until(() -> underWay.isDone() && waiting.isDone());
        assertThat(underWay).isCompletedExceptionally();
        assertThat(waiting).isCompletedExceptionally();
        assertThat(ends.of(Set.of(LOG))).isCompletedExceptionally();
    }

    @Test
    void stopEndsAThreadThatHasNothingToDo() throws Exception {
        ends.stop(PATIENCE);

        assertThat(ends.of(Set.of(LOG))).isCompletedExceptionally();
    }

    private static void assertFails(CompletableFuture<?> asker, Throwable failure) {
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> asker.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .havingCause()
                .isSameAs(failure);
    }

    private static Map<TopicPartition, Long> result(CompletableFuture<Map<TopicPartition, Long>> answer)
            throws Exception {
        return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
}

package chat.milena.push.send;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.push.send.IntentWindow.ResultsFrom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class IntentWindowTest {
    private static final TopicPartition ONE = new TopicPartition("push", 0);
    private static final TopicPartition OTHER = new TopicPartition("push", 1);

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-01T12:00:00Z"), ZoneOffset.UTC);
    private final IntentWindow window = new IntentWindow(3, CLOCK);

    IntentWindowTest() {
        window.assigned(ONE, 10, 100);
    }

    private static OffsetAndMetadata at(long position, long results) {
        return new OffsetAndMetadata(position, results + "@" + CLOCK.millis());
    }

    @Test
    void positionMovesOverWhatHasEndedInOrder() {
        window.begins(ONE, 10);
        window.begins(ONE, 11);
        window.passed(ONE, 12);
        window.begins(ONE, 13);
        assertThat(window.isFull()).isTrue();
        assertThat(window.commits()).isEmpty();

        window.ended(ONE, 11, 205);
        assertThat(window.commits()).isEmpty();
        assertThat(window.isFull()).as("one in progress has ended").isFalse();

        window.ended(ONE, 10, 207);
        assertThat(window.commits()).isEqualTo(Map.of(ONE, at(13, 208)));
        assertThat(window.isFull()).isFalse();
        assertThat(window.commits()).isEmpty();

        window.ended(ONE, 13, 209);
        assertThat(window.commits()).isEqualTo(Map.of(ONE, at(14, 210)));
        assertThat(window.open()).isZero();
    }

    /// After a kill, the results of intents behind the position must be found.
    @Test
    void resultsAreReadFromTheFirstOfAnIntentBehindThePosition() {
        window.begins(ONE, 10);
        window.begins(ONE, 11);
        window.begins(ONE, 12);
        window.ended(ONE, 12, 300);
        window.ended(ONE, 10, 310);
        OffsetAndMetadata committed = Objects.requireNonNull(window.commits().get(ONE));
        assertThat(committed).isEqualTo(at(11, 300));
        assertThat(IntentWindow.resultsFrom(committed)).isEqualTo(new ResultsFrom(300, CLOCK.millis()));
        assertThat(IntentWindow.resultsFrom(new OffsetAndMetadata(11))).isEqualTo(new ResultsFrom(0, 0));
    }

    @Test
    void passedRecordsMoveThePosition() {
        window.passed(ONE, 10);
        window.passed(ONE, 11);
        assertThat(window.commits()).isEqualTo(Map.of(ONE, at(12, 100)));
    }

    @Test
    void revokedPartitionTakesNothingAndFreesItsPlaces() {
        window.assigned(OTHER, 0, 0);
        window.begins(ONE, 10);
        long other = window.begins(OTHER, 0);
        assertThat(window.isIdle(List.of(OTHER))).as("nothing is being sent").isTrue();
        assertThat(window.claims(OTHER, 0, other)).isTrue();
        assertThat(window.claims(OTHER, 0, other)).as("once").isFalse();
        assertThat(window.isIdle(List.of(OTHER))).isFalse();
        window.revoked(List.of(ONE));
        assertThat(window.open()).isEqualTo(1);
        assertThat(window.begins(ONE, 11)).isZero();
        window.ended(ONE, 10, 5);
        assertThat(window.commits()).isEmpty();
        window.ended(OTHER, 0, 7);
        window.ended(OTHER, 0, 8);
        assertThat(window.isIdle(List.of(OTHER))).isTrue();
        assertThat(window.open()).isZero();
    }

    @Test
    void intentOfAnEarlierAssignmentIsLeftToTheNextReader() {
        long first = window.begins(ONE, 10);
        long second = window.begins(ONE, 11);
        assertThat(window.claims(ONE, 10, first)).isTrue();
        window.closing(List.of(ONE));
        assertThat(window.claims(ONE, 11, second)).isFalse();
        window.revoked(List.of(ONE));
        window.assigned(ONE, 10, 100);
        long again = window.begins(ONE, 10);
        assertThat(window.claims(ONE, 10, first)).isFalse();
        window.ended(ONE, 10, 120);
        assertThat(window.claims(ONE, 10, again))
                .as("its result has come meanwhile")
                .isFalse();
    }

    @Test
    void endedIntentsBehindASlowOneAreBounded() {
        window.begins(ONE, 10);
        int behind = 3 * IntentWindow.ENDED_PER_OPEN - 1;
        for (int i = 1; i <= behind; i++) {
            assertThat(window.isFull()).isFalse();
            window.begins(ONE, 10 + i);
            window.ended(ONE, 10 + i, 200 + i);
        }
        assertThat(window.isFull()).isTrue();
        window.ended(ONE, 10, 300);
        assertThat(window.isFull()).isFalse();
    }
}

package chat.milena.push.send;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class IntentWindowTest {
    private static final TopicPartition ONE = new TopicPartition("push", 0);
    private static final TopicPartition OTHER = new TopicPartition("push", 1);

    private final IntentWindow window = new IntentWindow(3);

    IntentWindowTest() {
        window.assigned(ONE, 10, 100);
    }

    private static OffsetAndMetadata at(long position, long results) {
        return new OffsetAndMetadata(position, Long.toString(results));
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
        assertThat(window.isFull()).isTrue();

        window.ended(ONE, 10, 207);
        assertThat(window.commits()).isEqualTo(Map.of(ONE, at(13, 208)));
        assertThat(window.isFull()).isFalse();
        assertThat(window.commits()).isEmpty();

        window.ended(ONE, 13, 209);
        assertThat(window.commits()).isEqualTo(Map.of(ONE, at(14, 210)));
        assertThat(window.size()).isZero();
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
        assertThat(IntentWindow.resultsFrom(committed)).isEqualTo(300);
        assertThat(IntentWindow.resultsFrom(new OffsetAndMetadata(11))).isZero();
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
        window.begins(OTHER, 0);
        assertThat(window.isIdle(List.of(OTHER))).isFalse();
        window.revoked(List.of(ONE));
        assertThat(window.size()).isEqualTo(1);
        assertThat(window.begins(ONE, 11)).isFalse();
        window.ended(ONE, 10, 5);
        assertThat(window.commits()).isEmpty();
        window.ended(OTHER, 0, 7);
        window.ended(OTHER, 0, 8);
        assertThat(window.isIdle(List.of(OTHER))).isTrue();
        assertThat(window.size()).isZero();
    }
}

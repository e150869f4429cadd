package chat.milena.bench.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

@SuppressWarnings("ConstantOverflow") // The times of a JVM may pass the largest number.
class GapsTest {
    private static final long SECOND = 1_000_000_000L;
    /// Such times may be anything.
    private static final long START = Long.MAX_VALUE - 2 * SECOND;

    private static double longest(long... seconds) {
        return Gaps.longestSeconds(
                LongStream.of(seconds)
                        .map(second -> START + second * SECOND)
                        .boxed()
                        .toList(),
                START,
                START + 10 * SECOND);
    }

    @Test
    void endsCountAndMomentsOutsideDoNot() {
        assertThat(longest()).isEqualTo(10);
        assertThat(longest(4)).isEqualTo(6);
        assertThat(longest(7, 1)).isEqualTo(6);
        assertThat(longest(3, 5, 8)).isEqualTo(3);
        assertThat(longest(-1, 5, 11)).isEqualTo(5);
    }

    @Test
    void acksAreFoundByWhenTheirLineWasDue() {
        Timeline timeline = new Timeline();
        timeline.acked(START + SECOND, START + 4 * SECOND);
        timeline.acked(START + 2 * SECOND, START + 3 * SECOND);

        assertThat(timeline.latencies(START, START + 2 * SECOND).maxMs()).isBetween(2_990.0, 3_010.0);
        assertThat(timeline.latencies(START + 2 * SECOND, START + 5 * SECOND).count())
                .isEqualTo(1);
        assertThat(timeline.longestGap(START, START + 5 * SECOND)).isEqualTo(3);
    }

    @Test
    void clientsAreAwayFromWhenTheyLostTheirConnection() {
        Timeline timeline = new Timeline();
        timeline.back(START - SECOND, START + 5 * SECOND);
        timeline.back(START + SECOND, START + 3 * SECOND);
        timeline.back(START + SECOND, START + 2 * SECOND);

        assertThat(timeline.longestAway(START, START + 9 * SECOND)).isEqualTo(2);
        assertThat(timeline.longestAway(START + 2 * SECOND, START + 9 * SECOND)).isZero();
    }

    @Test
    void clientsThatNeverCameBackAreAwayUntilTheEnd() {
        Timeline timeline = new Timeline();
        timeline.lost(START + SECOND);
        timeline.lost(START + 2 * SECOND);
        timeline.lost(START + 2 * SECOND);
        timeline.back(START + SECOND, START + 4 * SECOND);
        timeline.back(START + 2 * SECOND, START + 3 * SECOND);

        assertThat(timeline.longestAway(START, START + 9 * SECOND)).isEqualTo(7);
        assertThat(timeline.longestAway(START, START + 2 * SECOND)).isEqualTo(3);
    }
}

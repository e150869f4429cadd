package chat.milena.gateway.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AdaptiveLingerTest {
    private static final int SECOND_NANOS = 1_000_000_000;
    private static final Duration LONGEST = Duration.ofMillis(10);

    private final AdaptiveLinger pace = new AdaptiveLinger(LONGEST);

    /// The pause after a second of commands at even distances.
    private static Duration pauseAt(int perSecond) {
        AdaptiveLinger pace = new AdaptiveLinger(LONGEST);
        Duration pause = Duration.ZERO;
        for (int i = 0; i < perSecond; i++) {
            pause = pace.pause(1, SECOND_NANOS / perSecond);
        }
        return pause;
    }

    @Test
    void whatComesAloneWaitsForNothing() {
        assertThat(pace.pause(1, 0)).isZero();
        assertThat(pauseAt(1)).isZero();
        assertThat(pauseAt(400)).isZero();
    }

    @Test
    void fewThatComeCloseTogetherWaitForNothing() {
        for (int i = 0; i < 100; i++) {
            assertThat(pace.pause(1, Duration.ofMillis(20).toNanos())).isZero();
            assertThat(pace.pause(1, 1_000)).isZero();
            assertThat(pace.pause(1, 0)).isZero();
        }
    }

    @Test
    void nobodyWaitsAtAFewHundredASecondWheneverTheyCome() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        long waited = IntStream.range(0, 20_000)
                .mapToObj(i -> pace.pause(1, (long) (-Math.log(1 - random.nextDouble()) * SECOND_NANOS / 200)))
                .filter(Duration::isPositive)
                .count();

        // Nearly nobody: chance may bring 25 in a twentieth of a second.
        assertThat(waited).as("seed %d", seed).isLessThan(100);
    }

    @Test
    void pauseGrowsWithTheRate() {
        assertThat(pauseAt(1_000).toNanos()).isCloseTo(Duration.ofMillis(2).toNanos(), within(100_000L));
        assertThat(pauseAt(2_000).toNanos()).isCloseTo(Duration.ofMillis(4).toNanos(), within(100_000L));
        assertThat(IntStream.of(400, 1_000, 3_000, 4_000).mapToObj(AdaptiveLingerTest::pauseAt))
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void burstGathersAndIsForgotten() {
        assertThat(pace.pause(100, 0)).isGreaterThan(Duration.ofMillis(3));

        assertThat(pace.pause(1, Duration.ofMillis(200).toNanos())).isZero();
    }

    @Test
    void pauseIsBounded() {
        assertThat(pauseAt(1_000_000)).isEqualTo(LONGEST);
        assertThat(pace.pause(Integer.MAX_VALUE, 0)).isEqualTo(LONGEST);
        assertThat(pace.pause(1, Long.MIN_VALUE)).isEqualTo(LONGEST);
    }

    @Test
    void switchedOffNothingWaits() {
        assertThat(new AdaptiveLinger(Duration.ZERO).pause(Integer.MAX_VALUE, 0))
                .isZero();
    }
}

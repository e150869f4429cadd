package chat.milena.gateway.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GatherPaceTest {
    private static Duration pauseAt(int perSecond) {
        return GatherPace.pause(perSecond, Duration.ofSeconds(1).toNanos());
    }

    @Test
    void whatComesAloneWaitsForNothing() {
        assertThat(pauseAt(1)).isZero();
        assertThat(pauseAt(400)).isZero();
        assertThat(GatherPace.pause(0, 0)).isZero();
    }

    @Test
    void pauseGrowsWithTheRate() {
        assertThat(pauseAt(1_000)).isEqualTo(Duration.ofMillis(2));
        assertThat(pauseAt(2_000)).isEqualTo(Duration.ofMillis(4));
        assertThat(IntStream.of(500, 1_000, 3_000, 5_000, 50_000).mapToObj(GatherPaceTest::pauseAt))
                .isSorted();
    }

    @Test
    void pauseIsBounded() {
        assertThat(pauseAt(1_000_000)).isEqualTo(GatherPace.LONGEST);
        assertThat(GatherPace.pause(Integer.MAX_VALUE, 0)).isEqualTo(GatherPace.LONGEST);
        assertThat(GatherPace.pause(1, Long.MIN_VALUE)).isEqualTo(GatherPace.LONGEST);
    }
}

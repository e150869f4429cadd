package chat.milena.push.courier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(2), Duration.ofMinutes(1));

    @Test
    void spanDoublesUpToItsBound() {
        assertThat(LongStream.of(1, 2, 3, 4, 5, 6, 7, 1_000, Integer.MAX_VALUE)
                        .map(attempt -> BACKOFF.span((int) attempt).toSeconds()))
                .containsExactly(2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L, 60L);
    }

    @Test
    void wholeSpanIsUsedAndNothingBeyondIt() {
        Random random = new Random(7);

        long[] waits = LongStream.range(0, 10_000)
                .map(_ -> Duration.between(NOW, BACKOFF.next(NOW, 3, null, random))
                        .toMillis())
                .toArray();

        assertThat(LongStream.of(waits).min().orElseThrow()).isBetween(0L, 50L);
        assertThat(LongStream.of(waits).max().orElseThrow()).isBetween(7_950L, 8_000L);
        assertThat(LongStream.of(waits).average().orElseThrow()).isBetween(3_800.0, 4_200.0);
    }

    @Test
    void jitterComesAfterTheMomentThatTheOtherSideNames() {
        Instant notBefore = NOW.plusSeconds(30);

        assertThat(BACKOFF.next(NOW, 1, notBefore, new Random(1))).isBetween(notBefore, notBefore.plusSeconds(2));
        assertThat(BACKOFF.next(NOW, 1, NOW.minusSeconds(30), new Random(1))).isBetween(NOW, NOW.plusSeconds(2));
    }

    @Test
    void impossibleBoundsAreRejected() {
        assertThatThrownBy(() -> new Backoff(Duration.ZERO, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

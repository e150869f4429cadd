package chat.milena.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StrikeCounterTest {
    private final StrikeCounter counter = new StrikeCounter(2);

    @Test
    void oneMoreThanTheBoundWithinAMinuteIsTooMany() {
        assertThat(counter.strike(1_000)).isFalse();
        assertThat(counter.strike(2_000)).isFalse();
        assertThat(counter.strike(60_999)).isTrue();
    }

    @Test
    void nextMinuteBeginsAnew() {
        counter.strike(1_000);
        counter.strike(2_000);

        assertThat(counter.strike(61_000)).isFalse();
        assertThat(counter.strike(61_000)).isFalse();
        assertThat(counter.strike(61_000)).isTrue();
    }
}

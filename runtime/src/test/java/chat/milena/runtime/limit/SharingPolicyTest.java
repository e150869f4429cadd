package chat.milena.runtime.limit;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.runtime.limit.RateLimiter.Rate;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SharingPolicyTest {
    private static final Rate RATE = new Rate(10, Duration.ofSeconds(1), "a second");

    private static long elsewhere(long available, long untilFullMillis, int unreported) {
        return SharingPolicy.spentElsewhere(RATE, available, Duration.ofMillis(untilFullMillis), unreported);
    }

    @Test
    void nothingIsTakenForWhatWasSpentHereAlone() {
        assertThat(elsewhere(10, 0, 0)).isZero();
        assertThat(elsewhere(7, 300, 0)).isZero();
        assertThat(elsewhere(4, 300, 3)).isZero();
        assertThat(elsewhere(0, 1_000, 0)).isZero();
    }

    @Test
    void whatOthersSpentIsTakenAndADebtTooHoweverLarge() {
        assertThat(elsewhere(10, 300, 0)).isEqualTo(3);
        assertThat(elsewhere(10, 300, 2)).isEqualTo(5);
        assertThat(elsewhere(10, 1_500, 0)).isEqualTo(15);
        assertThat(elsewhere(-5, 1_500, 0)).isZero();
        Rate most = new Rate(1_000_000, Duration.ofMinutes(1), "a minute");
        assertThat(SharingPolicy.spentElsewhere(most, 0, Duration.ofDays(1), 0))
                .isBetween(1_438_000_000L, 1_439_000_000L);
    }

    @Test
    void nothingIsAddedWhereMoreIsLeftInCommon() {
        assertThat(elsewhere(2, 0, 0)).isZero();
        assertThat(elsewhere(-3, -500, 0)).isZero();
    }

    @Test
    void whatRedisHeardLateIsNotHeldAgainstAnybody() {
        assertThat(elsewhere(7, 350, 0)).isZero();
        assertThat(elsewhere(7, 351, 0)).isEqualTo(1);
    }
}

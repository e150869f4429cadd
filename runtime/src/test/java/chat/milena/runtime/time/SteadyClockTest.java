package chat.milena.runtime.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SteadyClockTest {
    private static final long BEGIN_MILLIS = 1_700_000_000_000L;

    private long tickNanos;
    private long setByMillis;
    private final SteadyClock clock = new SteadyClock(() -> tickNanos, this::machineMillis);

    private long machineMillis() {
        return BEGIN_MILLIS + tickNanos / 1_000_000 + setByMillis;
    }

    /// Time passes, and is asked for each 10 ms.
    private void pass(Duration span) {
        for (long millis = 0; millis < span.toMillis(); millis += 10) {
            tickNanos += 10_000_000;
            clock.millis();
        }
    }

    @Test
    void isTheMachinesClockWhereThatIsLeftAlone() {
        for (int i = 0; i < 1_000; i++) {
            tickNanos += 1_234_567;

            assertThat(clock.millis()).isBetween(machineMillis() - 2, machineMillis());
        }
    }

    @ParameterizedTest
    @CsvSource({"-5000, 10000", "-3600000, 7200000", "120000, 40000", "3600000, 1200000"})
    void catchesUpAfterTheClockWasSet(long byMillis, long withinMillis) {
        pass(Duration.ofSeconds(1));
        setByMillis = byMillis;

        pass(Duration.ofMillis(withinMillis - 100));
        assertThat(Math.abs(clock.millis() - machineMillis())).isPositive();

        pass(Duration.ofMillis(200));
        assertThat(clock.millis()).isBetween(machineMillis() - 2, machineMillis() + 2);
    }

    @ParameterizedTest
    @CsvSource({"-5000, 500, 500", "-86400000, 500, 500", "120000, 4000, 4000", "0, 998, 1002"})
    void secondIsHalfASecondOrFourAndNoMore(long byMillis, long atLeast, long atMost) {
        pass(Duration.ofSeconds(1));
        setByMillis = byMillis;
        long before = clock.millis();

        pass(Duration.ofSeconds(1));

        assertThat(clock.millis() - before).isBetween(atLeast, atMost);
    }

    @Test
    void neverGoesBackHoweverTheClockIsSet() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        long last = clock.millis();
        for (int step = 0; step < 100_000; step++) {
            tickNanos += random.nextInt(20_000_000);
            if (random.nextInt(100) == 0) {
                setByMillis = random.nextInt(200_000) - 100_000L;
            }
            long now = clock.millis();
            assertThat(now).isGreaterThanOrEqualTo(last);
            last = now;
        }
    }
}

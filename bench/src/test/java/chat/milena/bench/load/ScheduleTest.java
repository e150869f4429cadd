package chat.milena.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScheduleTest {

    @Test
    void eachSendFallsDueWithinItsPartOfTheTime() {
        Schedule schedule = new Schedule(1000, 1000, 5000, 7);

        for (int k = 0; k < 5000; k++) {
            assertThat(schedule.dueNanos(k)).isBetween(1000L + k * 1_000_000L, 1000L + (k + 1) * 1_000_000L);
        }
        assertThat(schedule.dueBy(999)).isZero();
        assertThat(schedule.dueBy(1000 + 1_000_000_000L)).isEqualTo(1000);
    }

    @Test
    void twoLoadsAreNotInStep() {
        Schedule one = new Schedule(0, 1000, 1000, 1);
        Schedule other = new Schedule(0, 1000, 1000, 2);

        long met = IntStream.range(0, 1000)
                .filter(k -> Math.abs(one.dueNanos(k) - other.dueNanos(k)) < 100_000)
                .count();
        // Of two random moments of a part, a fifth are within a tenth of it.
        assertThat(met).isBetween(100L, 300L);
        assertThat(other.dueNanos(500)).isEqualTo(new Schedule(0, 1000, 1000, 2).dueNanos(500));
    }

    @Test
    void neverMoreFallDueThanThereAre() {
        assertThat(new Schedule(0, 7, 3, 0).dueBy(Long.MAX_VALUE / 2)).isEqualTo(3);
    }

    @Test
    void whatIsDueByATimeIsExactlyWhatFellDueUpToIt() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            Schedule schedule = new Schedule(random.nextInt(), 0.5 + random.nextDouble() * 50_000, 1_000_000, i);
            long now = schedule.startNanos() + random.nextLong(3_000_000_000L);
            long due = schedule.dueBy(now);
            assertThat(due == 0 || schedule.dueNanos(due - 1) <= now)
                    .as("seed %d", seed)
                    .isTrue();
            assertThat(due == schedule.count() || schedule.dueNanos(due) > now)
                    .as("seed %d", seed)
                    .isTrue();
        }
    }
}

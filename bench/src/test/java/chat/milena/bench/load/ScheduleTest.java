package chat.milena.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ScheduleTest {

    @Test
    void sendsFallDueEvenlyFromTheStart() {
        Schedule schedule = new Schedule(1000, 1000, 5000);

        assertThat(schedule.dueNanos(0)).isEqualTo(1000);
        assertThat(schedule.dueNanos(1)).isEqualTo(1_001_000);
        assertThat(schedule.dueBy(999)).isZero();
        assertThat(schedule.dueBy(1000)).isEqualTo(1);
        assertThat(schedule.dueBy(1_000_999)).isEqualTo(1);
        assertThat(schedule.dueBy(1_001_000)).isEqualTo(2);
    }

    @Test
    void neverMoreFallDueThanThereAre() {
        assertThat(new Schedule(0, 7, 3).dueBy(Long.MAX_VALUE / 2)).isEqualTo(3);
    }

    @Test
    void whatIsDueByATimeIsExactlyWhatFellDueUpToIt() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            Schedule schedule = new Schedule(random.nextInt(), 0.5 + random.nextDouble() * 50_000, 1_000_000);
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

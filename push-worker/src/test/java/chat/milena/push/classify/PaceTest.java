package chat.milena.push.classify;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long HOUR = 3_600_000;

    private final Pace pace = new Pace();

    @Test
    void newRecordsAreReadWithoutDelay() {
        for (long now = HOUR; now < HOUR + 1_000; now++) {
            pace.read(now - 4_000, now);
            assertThat(pace.allowsMore(now)).isTrue();
        }
    }

    @Test
    void oldRecordsAreReadAtFourTimesTheirSpeed() {
        long now = HOUR;
        long written = 0;
        int read = 0;
        for (int millis = 0; millis < 10_000; millis++) {
            while (pace.allowsMore(now)) {
                pace.read(written, now);
                written += 10;
                read++;
            }
            now++;
        }

        assertThat(read).isBetween(4_000, 4_100);
    }

    @Test
    void quietTimeIsNotWaitedFor() {
        long now = 20 * HOUR;
        pace.read(0, now);
        pace.read(8 * HOUR, now);

        assertThat(pace.allowsMore(now)).isFalse();
        assertThat(pace.allowsMore(now + 250)).isTrue();
    }

    @Test
    void readerThatHasCaughtUpIsFree() {
        long now = HOUR;
        pace.read(0, now);
        pace.read(900, now);
        assertThat(pace.allowsMore(now)).isFalse();

        pace.read(now - 10, now);

        assertThat(pace.allowsMore(now)).isTrue();
    }
}

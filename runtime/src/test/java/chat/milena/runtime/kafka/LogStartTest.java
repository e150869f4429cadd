package chat.milena.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LogStartTest {
    private static final LogStart START = new LogStart("folder", "id", 1_000, List.of(7L, 0L));

    @Test
    void startsComeBackAsTheyWereWritten() {
        LogStart next = new LogStart("folder", "next", 2_000, List.of(9L, 4L));

        assertThat(LogStart.read("folder", LogStart.write(List.of(START, next))))
                .containsExactly(START, next);
    }

    @Test
    void whatCannotBeReadIsNone() {
        assertThat(LogStart.read("folder", "")).isEmpty();
        assertThat(LogStart.read("folder", "id 12")).isEmpty();
        assertThat(LogStart.read("folder", "one 1 2,x\ntwo 2 3"))
                .extracting(LogStart::id)
                .containsExactly("two");
    }

    @Test
    void placeBehindTheEndIsDeniedIfItWasGivenBefore() {
        assertThat(START.denies(0, 8, 999)).isTrue();
        assertThat(START.denies(0, 7, 999)).isFalse();
        assertThat(START.denies(0, 8, 1_000)).isFalse();
        assertThat(START.denies(1, 1, 999)).isTrue();
        assertThat(START.denies(2, 1, 999)).isFalse();
    }
}

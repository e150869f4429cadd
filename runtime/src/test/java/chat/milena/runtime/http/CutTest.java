package chat.milena.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.xnio.XnioExecutor;

class CutTest {
    private static final Duration TIME = Duration.ofSeconds(60);

    private final LateThread thread = new LateThread();
    private long nanos = 1_000;
    private int closed;
    private final Cut cut = Cut.after(thread, () -> nanos, TIME, () -> closed++);

    /// An I/O thread that comes to what is due when the test says so.
    private static final class LateThread implements XnioExecutor {
        private final Queue<Runnable> due = new ArrayDeque<>();
        private Duration in = Duration.ZERO;

        @Override
        public void execute(Runnable task) {
            due.add(task);
        }

        @Override
        public Key executeAfter(Runnable task, long time, TimeUnit unit) {
            in = Duration.of(time, unit.toChronoUnit());
            due.add(task);
            return () -> due.remove(task);
        }

        @Override
        public Key executeAtInterval(Runnable task, long time, TimeUnit unit) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void connectionWhoseTimeIsOverIsClosed() {
        runAfter(TIME.plusMillis(900));

        assertThat(closed).isEqualTo(1);
        assertThat(thread.due).isEmpty();
    }

    @Test
    void threadThatIsLateGivesAsMuchMoreTime() {
        runAfter(TIME.plusSeconds(7));
        assertThat(closed).isZero();
        assertThat(thread.in).isEqualTo(Duration.ofSeconds(7));

        runAfter(Duration.ofSeconds(7));
        assertThat(closed).isEqualTo(1);
    }

    @Test
    void longPauseGivesTheWholeTimeOnceMore() {
        runAfter(Duration.ofHours(9));

        assertThat(closed).isZero();
        assertThat(thread.in).isEqualTo(TIME);
    }

    @Test
    void connectionThatIsHeardMeanwhileStays() {
        cut.remove();
        assertThat(thread.due).isEmpty();
    }

    @Test
    void connectionThatIsHeardAfterAPauseStays() {
        runAfter(TIME.plusSeconds(7));
        cut.remove();
        assertThat(thread.due).isEmpty();
        assertThat(closed).isZero();
    }

    private void runAfter(Duration time) {
        nanos += time.toNanos();
        thread.due.remove().run();
    }
}

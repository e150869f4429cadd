package chat.milena.streams.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CommitWatchTest {
    private final AtomicLong nanoTime = new AtomicLong();
    private final Timer commits = new SimpleMeterRegistry().timer("commits");
    private final CommitWatch watch = new CommitWatch(nanoTime::get, commits);

    private void pass(long millis) {
        nanoTime.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @Test
    void whatIsHandledWaitsFromTheFirstRecordUntilTheCommit() {
        CommitWatch.Lane lane = watch.lane();
        assertThat(watch.waited()).isZero();

        lane.handled();
        pass(30);
        lane.handled();
        pass(10);
        assertThat(watch.waited()).isEqualTo(Duration.ofMillis(40));

        lane.committed();
        assertThat(watch.waited()).isZero();
        assertThat(commits.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(40);
    }

    @Test
    void commitOfNothingCountsForNothing() {
        watch.lane().committed();

        assertThat(commits.count()).isZero();
    }

    @Test
    void theThreadThatWaitsLongestCountsUntilItIsOver() {
        CommitWatch.Lane first = watch.lane();
        CommitWatch.Lane second = watch.lane();
        first.handled();
        pass(5_000);
        second.handled();
        assertThat(watch.waited()).isEqualTo(Duration.ofSeconds(5));

        first.closed();
        assertThat(watch.waited()).isZero();
        pass(1);
        assertThat(watch.waited()).isEqualTo(Duration.ofMillis(1));
    }
}

package chat.milena.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ForegroundRunTest {
    private static final Duration NOTICE = Duration.ofMillis(300);

    private final Readiness readiness = new Readiness();
    private final StopSignal stop = new StopSignal();
    private volatile String atStop = "";
    private volatile long stoppedAt;

    @Test
    void stopIsAnnouncedBeforeAnythingStops() throws Exception {
        CompletableFuture<Integer> exit = run();
        await().until(readiness::ready);
        long begun = System.nanoTime();
        stop.receive();

        assertThat(exit.get(10, TimeUnit.SECONDS)).isZero();
        assertThat(stoppedAt - begun).isGreaterThanOrEqualTo(NOTICE.toNanos());
        assertThat(atStop).contains("leaving: about to stop");
    }

    @Test
    void processThatIsAboutToStopStillCountsAsStarted() throws Exception {
        CompletableFuture<Integer> exit = run();
        await().until(readiness::ready);
        stop.receive();

        await().until(readiness::leaving);
        assertThat(readiness.ready()).isFalse();
        assertThat(readiness.started()).isTrue();
        exit.get(10, TimeUnit.SECONDS);
        assertThat(readiness.started()).isFalse();
    }

    @Test
    void failedProcessStopsWithoutNotice() throws Exception {
        CompletableFuture<Integer> exit = run();
        await().until(readiness::ready);
        stop.fail();

        assertThat(exit.get(10, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(atStop).doesNotContain("leaving");
    }

    private CompletableFuture<Integer> run() {
        Component component = new Component() {
            @Override
            public String name() {
                return "one";
            }

            @Override
            public void start() {
                readiness.set("one", true, "");
            }

            @Override
            public void stop(Duration within) {
                atStop = readiness.describe();
                stoppedAt = System.nanoTime();
            }
        };
        ForegroundRun run = new ForegroundRun(List.of(component), readiness, stop, NOTICE);
        return CompletableFuture.supplyAsync(() -> {
            try {
                return run.run(() -> {}, () -> {});
            } catch (StartException e) {
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return -1;
            }
        });
    }
}

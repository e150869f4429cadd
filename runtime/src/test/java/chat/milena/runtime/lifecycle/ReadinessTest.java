package chat.milena.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ReadinessTest {
    private final Readiness readiness = new Readiness();

    @Test
    void componentThatDoesWithoutSomethingIsReadyAndSaysSo() {
        readiness.degraded("presence", "paused: Redis does not answer");

        assertThat(readiness.ready()).isTrue();
        assertThat(readiness.describe()).isEqualTo("presence: paused: Redis does not answer");
        readiness.set("presence", true, "ignored");
        assertThat(readiness.describe()).isEqualTo("presence: ready");
    }

    @Test
    void startedIsWhatTheProcessSaysOfItselfWhateverItsComponentsSay() {
        readiness.set("gateway", true, "");
        assertThat(readiness.started()).isFalse();

        readiness.set(Readiness.START, true, "");
        readiness.set("gateway", false, "taking over");

        assertThat(readiness.started()).isTrue();
        assertThat(readiness.ready()).isFalse();
    }

    @Test
    void nothingKnownIsNotReady() {
        assertThat(readiness.ready()).isFalse();
    }

    @Test
    void oneThatIsNotReadyMakesAllNotReady() {
        readiness.set("kafka", true, "");
        readiness.set("gateway", false, "starting");

        assertThat(readiness.ready()).isFalse();
        assertThat(readiness.describe()).isEqualTo("gateway: starting\nkafka: ready");

        readiness.set("gateway", true, "");
        assertThat(readiness.ready()).isTrue();
    }

    @Test
    void waitingEndsWhenAllAreReady() throws Exception {
        readiness.set("gateway", false, "starting");
        FutureTask<Boolean> waiting = new FutureTask<>(() -> readiness.await(Duration.ofSeconds(30)));
        Thread.ofVirtual().start(waiting);

        readiness.set("gateway", true, "");

        assertThat(waiting.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void waitingIsBounded() throws InterruptedException {
        readiness.set("gateway", false, "starting");

        assertThat(readiness.await(Duration.ofMillis(20))).isFalse();
    }
}

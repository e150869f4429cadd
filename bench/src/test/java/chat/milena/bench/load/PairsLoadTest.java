package chat.milena.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.bench.FakeServer;
import chat.milena.bench.report.Progress;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PairsLoadTest {
    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aFaithfulServerIsClean() throws InterruptedException {
        PairsResult result = run(200, 400);

        assertThat(result.steps()).hasSize(2);
        assertThat(result.steps().get(1).sent()).isEqualTo(400);
        assertThat(result.steps()).allSatisfy(step -> {
            assertThat(step.delivered()).isEqualTo(step.sent());
            assertThat(step.delivery().count()).isEqualTo(step.sent());
            assertThat(step.delivery().p50Ms()).isPositive();
        });
        assertThat(result.check().violations()).isZero();
        assertThat(result.steps().get(0).achievedRate()).isBetween(150.0, 210.0);
        assertThat(result.clean()).isTrue();
    }

    @Test
    void lostDeliveriesAreSeen() throws InterruptedException {
        AtomicInteger seen = new AtomicInteger();
        server.mischief =
                (user, frame) -> frame.path("type").asText().equals("message.new") && seen.incrementAndGet() % 100 == 0
                        ? List.of()
                        : List.of(frame);

        PairsResult result = run(200);

        assertThat(result.check().lost()).isEqualTo(3);
        assertThat(result.clean()).isFalse();
    }

    @Test
    void refusedSendsAreCountedByCodeAndNotTriedAgain() throws InterruptedException {
        server.sendsToRefuse.set(40);

        PairsResult result = run(100, 100);

        assertThat(result.notices()).isEmpty();
        assertThat(result.check().acks()).isEqualTo(2 * 150 - 40);
        assertThat(result.steps().get(0).refused()).isEmpty();
        assertThat(result.pending()).isZero();
    }

    @Test
    void aStallShowsInTheLatencyOfEverySendThatFellDueInIt() throws InterruptedException {
        AtomicInteger seen = new AtomicInteger();
        server.mischief = (user, frame) -> {
            if (frame.path("type").asText().equals("message.new") && seen.incrementAndGet() == 150) {
                stall(Duration.ofMillis(500));
            }
            return List.of(frame);
        };

        PairsResult.Step step = run(200).steps().get(0);

        // Half of a second's sends waited, a quarter of a second on average.
        assertThat(step.delivery().p90Ms()).isGreaterThan(150);
        assertThat(step.delivery().maxMs()).isGreaterThan(400);
    }

    private static void stall(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    private PairsResult run(double... rates) throws InterruptedException {
        PairsOptions options = new PairsOptions(
                server.url(),
                FakeServer.tokens(),
                10,
                new RatePlan.Fixed(Arrays.stream(rates).boxed().toList()),
                Duration.ofMillis(500),
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofMillis(500),
                20,
                500,
                1);
        return PairsLoad.run(
                options, Clock.systemUTC(), new Progress(new PrintStream(OutputStream.nullOutputStream()), false));
    }
}

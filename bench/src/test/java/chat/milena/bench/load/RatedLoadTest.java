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
import org.junit.jupiter.api.parallel.Isolated;

@Isolated
public class RatedLoadTest {
    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aFaithfulServerIsClean() throws InterruptedException {
        LoadResult result = run(200, 400);

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
    void everyMemberOfAGroupCounts() throws InterruptedException {
        LoadResult result = run(new Shape.Groups(4, 15, 30), 100);

        StepResult step = result.steps().get(0);
        assertThat(result.users()).isEqualTo(30);
        assertThat(step.sent()).isEqualTo(100);
        assertThat(step.delivered()).isEqualTo(100 * 14);
        assertThat(step.delivery().count()).isEqualTo(100 * 14);
        assertThat(step.undelivered()).isZero();
        assertThat(step.deliveryRate()).isBetween(1000.0, 1500.0);
        assertThat(step.machine().serverCores()).isPositive();
        assertThat(step.holds(Duration.ofMinutes(1))).isTrue();
        assertThat(result.check().deliveries()).isEqualTo(150 * 14);
        assertThat(result.clean()).isTrue();
    }

    @Test
    void membersOfAGroupSpeakInTurn() throws InterruptedException {
        run(new Shape.Groups(1, 5, 5), 100);

        assertThat(server.speakers.keySet()).hasSize(5);
        assertThat(server.speakers.values()).allMatch(sent -> sent.get() == 30);
    }

    @Test
    void oneDeliveryMissingInAGroupIsNotHeld() throws InterruptedException {
        AtomicInteger seen = new AtomicInteger();
        server.mischief =
                (user, frame) -> frame.path("type").asText().equals("message.new") && seen.incrementAndGet() == 1000
                        ? List.of()
                        : List.of(frame);

        LoadResult result = run(new Shape.Groups(1, 15, 15), 100);

        assertThat(result.steps().get(0).undelivered()).isEqualTo(1);
        assertThat(result.steps().get(0).holds(Duration.ofMinutes(1))).isFalse();
        assertThat(result.check().lost()).isEqualTo(1);
    }

    @Test
    void aDeliveryThatCameTwiceDoesNotStandForOneThatNeverCame() throws InterruptedException {
        AtomicInteger seen = new AtomicInteger();
        server.mischief = (user, frame) -> {
            int number = frame.path("type").asText().equals("message.new") ? seen.incrementAndGet() : 0;
            return number == 1000 ? List.of() : number == 1100 ? List.of(frame, frame) : List.of(frame);
        };

        StepResult step = run(new Shape.Groups(1, 15, 15), 100).steps().get(0);

        assertThat(step.undelivered()).isZero();
        assertThat(step.violations()).isEqualTo(1);
        assertThat(step.holds(Duration.ofMinutes(1))).isFalse();
    }

    @Test
    void lostDeliveriesAreSeen() throws InterruptedException {
        AtomicInteger seen = new AtomicInteger();
        server.mischief =
                (user, frame) -> frame.path("type").asText().equals("message.new") && seen.incrementAndGet() % 100 == 0
                        ? List.of()
                        : List.of(frame);

        LoadResult result = run(200);

        assertThat(result.check().lost()).isEqualTo(3);
        assertThat(result.clean()).isFalse();
    }

    @Test
    void refusedSendsAreCountedByCodeAndNotTriedAgain() throws InterruptedException {
        server.sendsToRefuse.set(40);

        LoadResult result = run(100, 100);

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

        StepResult step = run(200).steps().get(0);

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

    private LoadResult run(double... rates) throws InterruptedException {
        return run(new Shape.Pairs(10), rates);
    }

    private LoadResult run(Shape shape, double... rates) throws InterruptedException {
        return RatedLoad.run(
                shape,
                new RatePlan.Fixed(Arrays.stream(rates).boxed().toList()),
                settings(server),
                Clock.systemUTC(),
                new Progress(new PrintStream(OutputStream.nullOutputStream()), false));
    }

    public static LoadSettings settings(FakeServer server) {
        return new LoadSettings(
                server.url(),
                FakeServer.tokens(),
                Duration.ofMillis(500),
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofMillis(500),
                20,
                500,
                1,
                ProcessHandle.current().pid());
    }
}

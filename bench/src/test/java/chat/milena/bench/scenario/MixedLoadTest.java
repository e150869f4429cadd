package chat.milena.bench.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.bench.FakeServer;
import chat.milena.bench.load.RatedLoadTest;
import chat.milena.bench.load.Shape;
import chat.milena.bench.load.StepResult;
import chat.milena.bench.report.Progress;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Alone, since it compares what one time costs with another.
@Isolated
class MixedLoadTest {
    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aGroupThatDelaysPairsShowsAsARatioWithinTheRun() throws InterruptedException {
        // Every delivery to the group costs the one thread of the server some time, so that pairs beside it wait.
        server.mischief = (user, frame) -> {
            if (user.startsWith("group") && frame.path("type").asText().equals("message.new")) {
                long endNanos = System.nanoTime() + 1_500_000;
                while (System.nanoTime() - endNanos < 0) {
                    Thread.onSpinWait();
                }
            }
            return List.of(frame);
        };

        MixedResult result = run(new Beside.GroupLoad(new Shape.Groups(1, 60, 60), 8));

        StepResult group = result.group();
        assertThat(group).isNotNull();
        if (group != null) {
            assertThat(group.delivered()).isEqualTo(8 * 59);
        }
        assertThat(result.before().sent()).isEqualTo(100);
        assertThat(result.during().delivery().count()).isEqualTo(100);
        assertThat(result.after().delivered()).isEqualTo(100);
        // Over half of the time the server is busy with the group: beyond what a noisy machine does to a median.
        assertThat(result.during().delivery().p50Ms())
                .isGreaterThan(result.before().delivery().p50Ms())
                .isGreaterThan(result.after().delivery().p50Ms());
        assertThat(result.p99Ratio()).isPositive();
        assertThat(result.flood()).isNull();
        assertThat(result.clean()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFloodOfAnotherTenantRunsOnlyBesideTheMiddle(boolean rude) throws InterruptedException {
        server.usersToRefuse = user -> user.startsWith("flood");
        server.sendsToRefuse.set(10);

        MixedResult result = run(new Beside.TenantFlood(FakeServer.tokens("other"), new Shape.Pairs(4), 2, rude));

        FloodResult flood = result.flood();
        assertThat(flood).isNotNull();
        if (flood != null) {
            assertThat(flood.acked()).isPositive();
            assertThat(flood.refused()).isEqualTo(rude ? Map.of("RATE_LIMITED", 10L) : Map.of());
            assertThat(flood.check().violations()).isZero();
        }
        assertThat(result.group()).isNull();
        assertThat(result.after().sent()).isEqualTo(100);
        assertThat(result.clean()).isTrue();
    }

    @Test
    void sendsOfAFloodThatAreNeverAnsweredAreToldAndNotClean() throws InterruptedException {
        server.usersToRefuse = user -> user.startsWith("flood");
        server.answersToForget.set(3);

        MixedResult result = run(new Beside.TenantFlood(FakeServer.tokens("other"), new Shape.Pairs(4), 2, false));

        FloodResult flood = result.flood();
        assertThat(flood).isNotNull();
        if (flood != null) {
            assertThat(flood.pending()).isEqualTo(3);
        }
        assertThat(result.pending()).isZero();
        assertThat(result.clean()).isFalse();
    }

    private MixedResult run(Beside beside) throws InterruptedException {
        return MixedLoad.run(
                new Shape.Pairs(10),
                100,
                beside,
                RatedLoadTest.settings(server),
                Clock.systemUTC(),
                new Progress(new PrintStream(OutputStream.nullOutputStream()), false));
    }
}

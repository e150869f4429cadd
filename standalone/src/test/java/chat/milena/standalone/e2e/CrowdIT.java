package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.bench.idle.Idle;
import chat.milena.bench.idle.IdleResult;
import chat.milena.bench.idle.IdleSettings;
import chat.milena.bench.load.LoadSettings;
import chat.milena.bench.load.Shape;
import chat.milena.bench.report.Progress;
import chat.milena.bench.scenario.HerdLoad;
import chat.milena.bench.scenario.HerdResult;
import chat.milena.bench.scenario.HerdSettings;
import chat.milena.bench.scenario.SlowLoad;
import chat.milena.bench.scenario.SlowResult;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Many clients at once, in small: those who only wait, those who all come back together, and one who does not read.
@Tag("alone")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class CrowdIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    final RunningMilena milena = new RunningMilena()
            .with("MILENA_HEARTBEAT_INTERVAL", "2s")
            .with("MILENA_OUTBOX_BYTES_MAX", Integer.toString(512 * 1024));

    @Test
    void idleConnectionsAreKeptAndTheirHeartbeatsAnswered() throws Exception {
        try (Tenant home = Tenant.ofDefault(milena)) {
            IdleResult result = Idle.run(
                    new IdleSettings(
                            milena.url(),
                            home.tokens(),
                            300,
                            300,
                            Duration.ZERO,
                            Duration.ofSeconds(5),
                            PATIENCE,
                            milena.pid()),
                    Clock.systemUTC(),
                    progress());

            System.out.println(result);
            assertThat(result.lost()).isEmpty();
            assertThat(result.connected()).isEqualTo(300);
            assertThat(result.heartbeatsSent()).isGreaterThanOrEqualTo(600);
            assertThat(result.heartbeatsUnanswered()).isZero();
            IdleResult.Memory memory = result.memory();
            assertThat(memory.before().heapBytes()).isPositive();
            assertThat(memory.held().residentBytes())
                    .isGreaterThan(memory.held().heapBytes());
            assertThat(result.clean()).isTrue();
        }
    }

    @Test
    void aHerdThatIsThrownOffGoesOnWhereItWas() throws Exception {
        try (Tenant home = Tenant.ofDefault(milena)) {
            HerdResult result = HerdLoad.run(
                    new HerdSettings(150, 40, 80, new Shape.Pairs(20), 50, PATIENCE, home.tokens()),
                    settings(home, 100),
                    Clock.systemUTC(),
                    progress());

            System.out.println(result);
            assertThat(result.check().examples()).isEmpty();
            assertThat(result.comeback().back()).isEqualTo(150);
            assertThat(result.comeback().resumed()).isEqualTo(150);
            assertThat(result.written().delivered()).isEqualTo(result.written().sent());
            assertThat(result.clean()).isTrue();
        }
    }

    @Test
    void aMemberWhoDoesNotReadIsToldWhatWasDroppedAndTheOthersGetAll() throws Exception {
        try (Tenant home = Tenant.ofDefault(milena)) {
            SlowResult result = SlowLoad.run(8, 300, settings(home, 4000), Clock.systemUTC(), progress());

            System.out.println(result);
            assertThat(result.check().examples()).isEmpty();
            assertThat(result.with()).allSatisfy(step -> {
                assertThat(step.sent()).isPositive();
                assertThat(step.delivered()).isEqualTo(6 * step.sent());
            });
            assertThat(result.slow()).extracting(SlowResult.Outcome::wrong).containsOnly(0L);
            assertThat(result.slow()).extracting(SlowResult.Outcome::resyncs).allMatch(resyncs -> resyncs > 0);
            assertThat(result.clean()).isTrue();
        }
    }

    private LoadSettings settings(Tenant home, int payloadBytes) {
        return new LoadSettings(
                milena.url(),
                home.tokens(),
                Duration.ofSeconds(2),
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                PATIENCE,
                PATIENCE,
                payloadBytes,
                200,
                1,
                milena.pid());
    }

    private static Progress progress() {
        return new Progress(System.out, false);
    }
}

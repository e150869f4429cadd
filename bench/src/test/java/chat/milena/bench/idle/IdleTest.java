package chat.milena.bench.idle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.milena.bench.FakeServer;
import chat.milena.bench.client.UsageFailure;
import chat.milena.bench.report.Progress;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated
class IdleTest {
    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void everyConnectionIsMadeAndEveryHeartbeatAnswered() throws InterruptedException {
        server.heartbeatMillis = 400;

        IdleResult result =
                run(40, Duration.ofSeconds(2), ProcessHandle.current().pid());

        assertThat(result.connected()).isEqualTo(40);
        assertThat(result.connecting().count()).isEqualTo(40);
        assertThat(result.refused()).isEmpty();
        assertThat(result.lost()).isEmpty();
        // Two seconds of a beat each 400 ms; a slow machine catches up, but for the end.
        assertThat(result.heartbeatsSent()).isBetween(80L, 240L);
        assertThat(result.heartbeat().count()).isBetween(80L, 240L);
        assertThat(result.heartbeatsUnanswered()).isZero();
        assertThat(result.atHold().serverCores()).isPositive();
        IdleResult.Memory memory = result.memory();
        assertThat(memory).isNotNull();
        if (memory != null) {
            assertThat(memory.before().residentBytes()).isGreaterThan(1 << 20);
            assertThat(memory.held().heapBytes())
                    .isPositive()
                    .isLessThan(memory.held().residentBytes());
            assertThat(memory.residentBytesEach())
                    .isEqualTo((memory.held().residentBytes() - memory.before().residentBytes()) / 40.0);
        }
        assertThat(result.clean()).isTrue();
        // Each was a user of its own, and went at the end.
        Awaitility.await().until(() -> server.connected() == 0);
        assertThat(server.subprotocols).hasSize(40).containsOnly("milena.v1");
    }

    @Test
    void refusedConnectionsComeAgainAndAreTold() throws InterruptedException {
        server.upgradesToRefuse.set(7);

        IdleResult result = run(20, Duration.ofMillis(300), null);

        assertThat(result.connected()).isEqualTo(20);
        assertThat(result.refused()).isEqualTo(Map.of("HTTP 429", 7L));
        assertThat(result.memory()).isNull();
        assertThat(result.clean()).isTrue();
    }

    @Test
    void connectionsThatTheServerClosesAreLost() throws InterruptedException {
        AtomicReference<@Nullable IdleResult> result = new AtomicReference<>();
        Thread run = Thread.ofVirtual().start(() -> {
            try {
                result.set(run(10, Duration.ofSeconds(3), null));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Awaitility.await().until(() -> server.connected() == 10);

        server.closeAll(1013, "try again later");
        assertThat(run.join(Duration.ofSeconds(30))).isTrue();

        IdleResult seen = result.get();
        assertThat(seen).isNotNull();
        if (seen != null) {
            assertThat(seen.lost()).isEqualTo(Map.of("closed with 1013 try again later", 10L));
            assertThat(seen.clean()).isFalse();
        }
    }

    @Test
    void aHeartbeatWithoutAnswerIsTold() throws InterruptedException {
        server.heartbeatMillis = 200;
        server.heartbeatsToForget.set(3);

        IdleResult result = run(1, Duration.ofSeconds(2), null);

        assertThat(result.heartbeatsUnanswered()).isPositive();
        assertThat(result.clean()).isFalse();
    }

    @Test
    void moreConnectionsThanFilesIsAMistakeToldBeforehand() {
        assertThatThrownBy(() -> run(1_000_000, Duration.ofSeconds(1), null))
                .isInstanceOf(UsageFailure.class)
                .hasMessageContaining("ulimit -n");
    }

    private IdleResult run(int connections, Duration hold, @Nullable Long pid) throws InterruptedException {
        return Idle.run(
                new IdleSettings(
                        server.url(),
                        FakeServer.tokens(),
                        connections,
                        500,
                        Duration.ofMillis(TimeUnit.SECONDS.toMillis(1) / 5),
                        hold,
                        Duration.ofSeconds(30),
                        pid),
                Clock.systemUTC(),
                new Progress(new PrintStream(OutputStream.nullOutputStream()), false));
    }
}

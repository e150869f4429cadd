package chat.milena.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.gateway.FakeSocket;
import chat.milena.runtime.limit.Budget;
import chat.milena.runtime.limit.Budget.Bounds;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.testsupport.MovableClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// The allowance of frames of presence and typing.
class LiveFramesTest {
    private final MovableClock clock = new MovableClock();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    private Connection connection(int liveFramesPerSecond) {
        ConnectionConfig config =
                ConnectionConfig.DEFAULT.with(ConnectionConfig.DEFAULT.frames().withLivePerSecond(liveFramesPerSecond));
        Instant now = clock.instant();
        return new Connection(
                "conn_1",
                new TokenLife(
                        now,
                        0,
                        new VerifiedToken("default", "alice", null, now.plusSeconds(3_600), false),
                        Duration.ofSeconds(60)),
                new FakeSocket(),
                config,
                new Connection.Shared(
                        new FrameMeters(meters), new Budget(new Bounds(100, 100, Bounds.NONE, Bounds.NONE))));
    }

    private int taken(Connection connection) {
        int taken = 0;
        while (taken < 1_000 && connection.mayBeLive(clock.passedMillis())) {
            taken++;
        }
        return taken;
    }

    @Test
    void allowanceIsTheConfiguredOneTenSecondsWorthAtOnce() {
        Connection narrow = connection(2);

        assertThat(taken(narrow)).isEqualTo(20);
        clock.advance(Duration.ofSeconds(1));
        assertThat(taken(narrow)).isEqualTo(2);
        assertThat(taken(connection(5))).isEqualTo(50);
    }

    @Test
    void noneIsNoLimit() {
        assertThat(taken(connection(0))).isEqualTo(1_000);
    }
}

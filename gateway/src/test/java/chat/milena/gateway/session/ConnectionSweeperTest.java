package chat.milena.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.ephemeral.rate.CommandRates;
import chat.milena.ephemeral.rate.RateConfig;
import chat.milena.gateway.FakeCommandLog;
import chat.milena.gateway.FakeSocket;
import chat.milena.gateway.command.CommandFactory;
import chat.milena.gateway.command.CommandGate;
import chat.milena.gateway.command.OutcomeMeters;
import chat.milena.gateway.live.FrameCommands;
import chat.milena.protocol.frame.CloseCode;
import chat.milena.runtime.limit.Budget;
import chat.milena.runtime.limit.Budget.Bounds;
import chat.milena.runtime.time.WatchedTicker;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.testsupport.MovableClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConnectionSweeperTest {
    private static final ConnectionConfig CONFIG = ConnectionConfig.DEFAULT;
    private static final Duration SWEEP = Duration.ofMillis(250);

    private final MovableClock clock = new MovableClock();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ConnectionRegistry registry = new ConnectionRegistry(meters);
    private final WatchedTicker time = new WatchedTicker(clock::nanos, ConnectionSweeper.GAP_MAX);
    private final ConnectionSweeper sweeper = new ConnectionSweeper(registry, time, failure -> {});
    private final FakeSocket socket = new FakeSocket();

    @Test
    void clockThatIsSetClosesNobody() {
        connect(Duration.ofMinutes(10));

        for (Duration by : List.of(Duration.ofMinutes(2), Duration.ofHours(-3), Duration.ofDays(1))) {
            clock.set(by);
            sweepFor(SWEEP);
        }

        assertThat(closedWith()).isNull();
        sweepFor(CONFIG.liveness().silenceMax());
        assertThat(closedWith()).isEqualTo(CloseCode.SILENT);
    }

    @Test
    void clockThatIsSetBackLengthensNoToken() {
        Connection connection = connect(Duration.ofMinutes(1));
        clock.set(Duration.ofHours(-1));

        sweepHeardFor(connection, Duration.ofMinutes(1));

        assertThat(closedWith()).isEqualTo(CloseCode.TOKEN_EXPIRED);
    }

    /// As after a process that was stopped goes on: the sweep may come before what lies in the sockets is read.
    @Test
    void pauseOfTheWholeProcessIsNobodysSilence() {
        Connection connection = connect(Duration.ofHours(1));
        connection.frameBegan(time.millis());
        clock.advance(CONFIG.liveness().silenceMax().multipliedBy(2));

        sweeper.sweep();

        assertThat(closedWith()).isNull();
        connection.frameEnded();
        connection.heard(time.millis());
        sweepFor(CONFIG.liveness().silenceMax().minus(SWEEP));
        assertThat(closedWith()).isNull();
        sweepFor(SWEEP);
        assertThat(closedWith()).isEqualTo(CloseCode.SILENT);
    }

    @Test
    void pauseGivesUpNoCommandWhoseOutcomeMayLieUnread() {
        Connection connection = connect(Duration.ofHours(1));
        CommandFactory commands = new CommandFactory("gw", clock);
        CommandGate gate =
                new CommandGate(new FakeCommandLog(), new CommandRates(RateConfig.UNLIMITED, clock::nanos), time);
        new FrameCommands(gate, new OutcomeMeters(meters, time))
                .submit(
                        connection,
                        "r1",
                        commands.mute(connection.caller(), "conn_1", "c1", null),
                        FrameCommands.MESSAGE,
                        time.millis());
        clock.advance(CONFIG.commands().deadline().multipliedBy(3));

        sweeper.sweep();

        assertThat(connection.inFlight().size()).isEqualTo(1);
        sweepFor(CONFIG.commands().deadline());
        assertThat(connection.inFlight().size()).isZero();
    }

    @Test
    void tokenThatEndsInAPauseMayBeRenewedAfterIt() {
        connect(Duration.ofSeconds(30));
        clock.advance(Duration.ofMinutes(1));

        sweeper.sweep();

        assertThat(closedWith()).isNull();
        sweepFor(Duration.ofSeconds(30));
        assertThat(closedWith()).isEqualTo(CloseCode.TOKEN_EXPIRED);
    }

    @Test
    void whateverEndsItIsReported() {
        Error expected = new AssertionError("expected by this test");
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        AtomicBoolean broken = new AtomicBoolean();
        WatchedTicker breaking = new WatchedTicker(() -> nanos(broken.get(), expected), ConnectionSweeper.GAP_MAX);
        try (ConnectionSweeper failing = new ConnectionSweeper(registry, breaking, failures::add)) {
            broken.set(true);
            failing.start();

            await().until(() -> failures.equals(List.of(expected)));
        }
    }

    private static long nanos(boolean broken, Error error) {
        if (broken) {
            throw error;
        }
        return 0;
    }

    private @Nullable CloseCode closedWith() {
        socket.run();
        return socket.closed;
    }

    private Connection connect(Duration life) {
        VerifiedToken token =
                new VerifiedToken("default", "alice", null, clock.instant().plus(life), false);
        Connection.Shared shared = new Connection.Shared(new FrameMeters(meters), new Budget(Bounds.of(100, 100)));
        TokenLife lives = new TokenLife(clock.instant(), time.millis(), token, Duration.ofSeconds(10));
        Connection connection = new Connection("conn_1", lives, socket, CONFIG, shared);
        connection.open();
        registry.add(connection);
        return connection;
    }

    private void sweepFor(Duration span) {
        for (Duration left = span; left.isPositive(); left = left.minus(SWEEP)) {
            clock.advance(SWEEP);
            sweeper.sweep();
        }
    }

    private void sweepHeardFor(Connection connection, Duration span) {
        for (Duration left = span; left.isPositive(); left = left.minus(SWEEP)) {
            connection.heard(time.millis());
            sweepFor(SWEEP);
        }
    }
}

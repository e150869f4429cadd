package chat.milena.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.ephemeral.rate.CommandRates;
import chat.milena.ephemeral.rate.RateConfig;
import chat.milena.ephemeral.rate.ReceiptRates;
import chat.milena.gateway.Deliveries;
import chat.milena.gateway.FakeCommandLog;
import chat.milena.gateway.FakeSocket;
import chat.milena.gateway.MovableWindows;
import chat.milena.gateway.command.CommandFactory;
import chat.milena.gateway.command.CommandGate;
import chat.milena.gateway.command.OutcomeMeters;
import chat.milena.gateway.session.Connection;
import chat.milena.gateway.session.ConnectionConfig;
import chat.milena.gateway.session.FrameFormat;
import chat.milena.gateway.session.FrameMeters;
import chat.milena.gateway.session.ResumePoints;
import chat.milena.gateway.session.TokenLife;
import chat.milena.protocol.frame.MessageFrames;
import chat.milena.protocol.frame.CloseCode;
import chat.milena.protocol.frame.FrameCodec;
import chat.milena.protocol.frame.Limits;
import chat.milena.runtime.limit.Budget;
import chat.milena.runtime.limit.Budget.Bounds;
import chat.milena.runtime.limit.RateLimiter;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.testsupport.MovableClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameReceiverTest {
    private static final String HEARTBEAT = "{\"type\":\"heartbeat\"}";
    private static final String MESSAGE = """
            {"type":"message.send","payload":{"messageId":"m1","conversationId":"c1",
             "content":{"type":"text","text":"hi"}}}""";

    private static final String RECEIPT = """
            {"type":"message.read","id":"r1","payload":{"conversationId":"c1","upToSequence":1}}""";

    private final MovableClock clock = new MovableClock();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final FakeCommandLog log = new FakeCommandLog();
    private final CommandFactory commands = new CommandFactory("gw_test", clock);
    private final FakeSocket socket = new FakeSocket();
    private final FrameReceiver receiver = new FrameReceiver(
            new FrameCodec(Limits.DEFAULT),
            commands,
            new FrameReceiver.Handlers(
                    new FrameCommands(
                            new CommandGate(
                                    log, new CommandRates(RateConfig.UNLIMITED, System::nanoTime), clock::nanos),
                            new OutcomeMeters(meters, clock::nanos)),
                    new ReceiptSender(
                            commands,
                            new CommandGate(
                                    log, new ReceiptRates(RateConfig.UNLIMITED, System::nanoTime), clock::nanos),
                            Duration.ofMillis(200),
                            new MovableWindows(),
                            clock::nanos,
                            meters),
                    new SyncHandler(
                            SyncQuery.NONE,
                            Runnable::run,
                            new Budget(Bounds.of(200, 50).withUser(25)),
                            new RateLimiter<>(List.of(), 1, System::nanoTime)),
                    LiveReceiver.NONE,
                    new TokenRefreshes(
                            jwt -> token(false), Duration.ofSeconds(60), Runnable::run, clock, clock::nanos)),
            new FrameMeters(meters),
            clock,
            clock::nanos);

    private VerifiedToken token(boolean unlimitedRate) {
        return new VerifiedToken("default", "alice", null, clock.instant().plusSeconds(3_600), unlimitedRate);
    }

    private Connection connection(boolean unlimitedRate) {
        Connection.Shared shared = new Connection.Shared(new FrameMeters(meters), new Budget(Bounds.of(100, 100)));
        TokenLife life =
                new TokenLife(clock.instant(), clock.passedMillis(), token(unlimitedRate), Duration.ofSeconds(60));
        Connection connection = new Connection("conn_1", life, socket, ConnectionConfig.DEFAULT, shared);
        connection.open();
        return connection;
    }

    @Test
    void withoutRoomOnTheDiskWritesAreRefusedAndTheRestGoesOn() {
        Connection connection = connection(false);
        log.room(false);

        receiver.receive(connection, MESSAGE);
        receiver.receive(connection, RECEIPT);
        receiver.receive(connection, HEARTBEAT);

        socket.run();
        assertThat(log.size()).isZero();
        assertThat(connection.inFlight().size()).isZero();
        assertThat(socket.written).hasSize(3);
        assertThat(socket.written.subList(0, 2))
                .allSatisfy(frame -> assertThat(frame)
                        .contains("\"UNAVAILABLE\"", "disk is nearly full", "\"retryAfter\":30")
                        .doesNotContain("RATE_LIMITED"));
        assertThat(socket.written.get(2)).contains("heartbeat");

        log.room(true);
        receiver.receive(connection, MESSAGE);
        assertThat(log.size()).isEqualTo(1);
    }

    @Test
    void framesOfAConnectionThatIsBeingClosedArePassedOver() {
        Connection connection = connection(false);
        receiver.receive(connection, MESSAGE);
        assertThat(log.size()).isEqualTo(1);

        connection.close(CloseCode.DRAINING);
        receiver.receive(connection, MESSAGE);
        receiver.receiveBinary(connection);

        assertThat(log.size()).isEqualTo(1);
        assertThat(connection.inFlight().size()).isEqualTo(1);
        socket.run();
        assertThat(socket.closed).isEqualTo(CloseCode.DRAINING);
    }

    @Test
    void framesBeyondTheRateAreRefusedUnreadAndPingsUnanswered() {
        Connection connection = connection(false);
        for (int i = 0; i < 999; i++) {
            receiver.receive(connection, HEARTBEAT);
        }
        receiver.receivePing(connection, ByteBuffer.allocate(0));
        assertThat(socket.pongs).hasValue(1);

        receiver.receive(connection, MESSAGE);
        receiver.receiveBinary(connection);
        receiver.receivePing(connection, ByteBuffer.allocate(0));

        socket.run();
        assertThat(log.size()).isZero();
        assertThat(socket.pongs).hasValue(1);
        assertThat(socket.written).hasSize(1_002);
        assertThat(socket.written.subList(999, 1_002))
                .allSatisfy(frame -> assertThat(frame).contains("RATE_LIMITED", "too many frames"));
        clock.advance(Duration.ofMillis(10));
        receiver.receive(connection, MESSAGE);
        assertThat(log.size()).isEqualTo(1);
    }

    @Test
    void whoIgnoresTheRateOfFramesIsClosed() {
        Connection connection = connection(false);
        for (int i = 0; i < 1_000 + 100; i++) {
            receiver.receive(connection, HEARTBEAT);
        }
        assertThat(connection.isClosing()).isFalse();

        receiver.receive(connection, HEARTBEAT);

        socket.run();
        assertThat(socket.closed).isEqualTo(CloseCode.RATE_LIMIT_IGNORED);
    }

    @Test
    void syncsWhileOneIsUnderWayAreRefusedAndCloseNothing() {
        Connection connection = connection(false);
        assertThat(connection.beginSync()).isTrue();

        for (int i = 0; i < 500; i++) {
            receiver.receive(connection, "{\"type\":\"sync\",\"id\":\"s\",\"payload\":{\"conversations\":[]}}");
            socket.run();
        }

        assertThat(connection.isClosing()).isFalse();
        assertThat(socket.written)
                .hasSize(500)
                .allSatisfy(frame -> assertThat(frame).contains("RATE_LIMITED", "another sync", "\"id\":\"s\""));
    }

    @Test
    void bearersOfATokenThatExemptsSendAsTheyLike() {
        Connection connection = connection(true);

        for (int i = 0; i < 5_000; i++) {
            receiver.receive(connection, HEARTBEAT);
            socket.run();
        }

        assertThat(socket.written).hasSize(5_000).noneMatch(frame -> frame.contains("error"));
    }

    @Test
    void messagesAtTheirRateWithBurstsOfReceiptsPass() {
        Connection connection = connection(false);

        for (int second = 0; second < 120; second++) {
            for (int i = 0; i < 10 + 60; i++) {
                receiver.receive(connection, HEARTBEAT);
            }
            clock.advance(Duration.ofSeconds(1));
            socket.run();
        }

        assertThat(socket.written).hasSize(120 * 70).noneMatch(frame -> frame.contains("error"));
    }

    @Test
    void framesOfAConnectionThatHasGivenUpOnItsReaderArePassedOver() {
        Connection connection = connection(true);
        socket.reading = false;
        for (int i = 0; !connection.isClosing() && i < 1_000_000; i++) {
            receiver.receive(connection, HEARTBEAT);
        }
        receiver.receive(connection, MESSAGE);

        assertThat(log.size()).isZero();
    }

    @Test
    void heartbeatBringsAResumeTokenUnlessFramesWereDroppedUntold() {
        Connection.Shared shared = new Connection.Shared(
                new FrameMeters(meters), new Budget(new Bounds(100, 100, Bounds.NONE, Bounds.NONE)));
        TokenLife life = new TokenLife(clock.instant(), clock.passedMillis(), token(false), Duration.ofSeconds(60));
        Connection connection = new Connection(
                "conn_1",
                life,
                socket,
                ConnectionConfig.DEFAULT.with(ConnectionConfig.DEFAULT.outbox().withBytesMax(64 * 1024)),
                shared,
                new FrameFormat(new Points(), false));
        connection.open();
        receiver.receive(connection, "{\"type\":\"heartbeat\"}");
        socket.run();
        assertThat(socket.written.getLast()).contains("\"resumeToken\":\"here\"");

        socket.reading = false;
        for (int i = 0; i < 100; i++) {
            connection.send(MessageFrames.created(Deliveries.event("default", "c1", i, "x".repeat(2_000), "alice")
                    .getEvent()));
        }
        receiver.receive(connection, "{\"type\":\"heartbeat\"}");
        socket.run();
        socket.read();
        assertThat(socket.written)
                .filteredOn(frame -> frame.contains("heartbeat"))
                .last()
                .asString()
                .doesNotContain("resumeToken");
        assertThat(socket.written.getLast()).contains("resync");
        receiver.receive(connection, "{\"type\":\"heartbeat\"}");
        socket.run();
        assertThat(socket.written.getLast()).contains("\"resumeToken\":\"here\"");
    }

    private static final class Points implements ResumePoints {
        @Override
        public String token() {
            return "here";
        }

        @Override
        public String tokenAfter(long offset) {
            return "here";
        }
    }
}

package chat.milena.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.ephemeral.rate.CommandRates;
import chat.milena.ephemeral.rate.RateConfig;
import chat.milena.ephemeral.rate.RateConfig.Messages;
import chat.milena.gateway.FakeCommandLog;
import chat.milena.gateway.FakeSocket;
import chat.milena.gateway.command.CommandFactory;
import chat.milena.gateway.command.CommandGate;
import chat.milena.gateway.command.OutcomeMeters;
import chat.milena.gateway.live.FrameCommands.Answers;
import chat.milena.gateway.session.Connection;
import chat.milena.gateway.session.ConnectionConfig;
import chat.milena.gateway.session.FrameMeters;
import chat.milena.gateway.session.TokenLife;
import chat.milena.protocol.frame.ServerFrame;
import chat.milena.protocol.frame.ServerFrames;
import chat.milena.runtime.limit.Budget;
import chat.milena.runtime.limit.Budget.Bounds;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.schemas.avro.CommandOutcome;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.testsupport.MovableClock;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What a client is answered on a WebSocket, whichever verb its frame has.
class FrameCommandsTest {
    /// A verb that is none of today's.
    private static final Answers VERB = new Answers() {
        @Override
        public ServerFrame accepted(@Nullable String id, Delivery delivery) {
            return ServerFrames.ok(id + " in " + delivery.getConversationId());
        }

        @Override
        public String unknown() {
            return "retry this verb";
        }
    };

    private final MovableClock clock = new MovableClock();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final FakeCommandLog log = new FakeCommandLog();
    private final FakeSocket socket = new FakeSocket();
    private final CommandFactory factory = new CommandFactory("gw", clock);
    private final Budget inFlight = new Budget(Bounds.of(2, 100));
    private final Connection connection = connection();
    private final FrameCommands commands = new FrameCommands(
            new CommandGate(
                    log,
                    new CommandRates(RateConfig.UNLIMITED.with(new Messages(4, 0, 0)), clock::nanos),
                    clock::nanos),
            new OutcomeMeters(meters, clock::nanos));

    private Connection connection() {
        VerifiedToken token =
                new VerifiedToken("default", "alice", null, clock.instant().plusSeconds(3_600), false);
        Connection opened = new Connection(
                "conn_1",
                new TokenLife(clock.instant(), clock.passedMillis(), token, Duration.ofSeconds(60)),
                socket,
                ConnectionConfig.DEFAULT,
                new Connection.Shared(new FrameMeters(meters), inFlight));
        opened.open();
        return opened;
    }

    private InboundCommand submit(String id) {
        InboundCommand command = factory.mute(connection.caller(), "conn_1", "c1", null);
        commands.submit(connection, id, command, VERB, clock.passedMillis());
        return command;
    }

    private void decide(InboundCommand command, String status, @Nullable String code, @Nullable String reason) {
        Delivery delivery = new Delivery();
        delivery.setTenant("default");
        delivery.setConversationId("c1");
        delivery.setOutcome(new CommandOutcome(
                command.getOrigin(),
                status,
                null,
                0L,
                null,
                code,
                reason,
                null,
                0L,
                null,
                null,
                0L,
                false,
                null,
                false));
        Objects.requireNonNull(connection.inFlight().close(command.getOrigin().getCommandId()))
                .decided(delivery);
    }

    private String answered() {
        socket.run();
        return socket.written.isEmpty() ? "" : socket.written.getLast();
    }

    private double counted(String outcome) {
        return timer(outcome).count();
    }

    private Timer timer(String outcome) {
        return meters.get("milena.gateway.commands").tag("outcome", outcome).timer();
    }

    @Test
    void acceptedCommandIsAnsweredAsItsVerbSays() {
        InboundCommand first = submit("e1");
        InboundCommand again = submit("e2");
        assertThat(answered()).isEmpty();
        clock.advance(Duration.ofMillis(70));

        decide(first, "accepted", null, null);
        assertThat(answered()).contains("\"ok\"", "e1 in c1");
        decide(again, "duplicate", null, null);
        assertThat(answered()).contains("\"ok\"", "e2 in c1");

        assertThat(counted("accepted")).isEqualTo(1);
        assertThat(timer("accepted").totalTime(TimeUnit.MILLISECONDS)).isEqualTo(70);
        assertThat(counted("duplicate")).isEqualTo(1);
    }

    @Test
    void rejectionHasTheSequencersWords() {
        decide(submit("e1"), "rejected", "FORBIDDEN", "not yours to edit");

        assertThat(answered()).contains("error", "\"e1\"", "FORBIDDEN", "not yours to edit");
        assertThat(counted("rejected")).isEqualTo(1);
        assertThat(meters.get("milena.rejections")
                        .tags("answered", "frame", "code", "FORBIDDEN")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void commandThatIsNotAppendedMayBeRetriedAsItsVerbSays() {
        log.full(true);
        submit("e1");
        assertThat(answered()).contains("\"e1\"", "UNAVAILABLE", "retry this verb", "\"retryAfter\":1");
        log.full(false);
        log.broken(true);
        submit("e2");
        assertThat(answered()).contains("\"e2\"", "UNAVAILABLE", "retry this verb");

        assertThat(counted("unavailable")).isEqualTo(2);
        assertThat(inFlight.held()).isZero();
    }

    @Test
    void outcomeThatDoesNotComeIsUnknown() {
        submit("e1");
        connection.heard(clock.passedMillis() + 15_000);

        connection.sweep(clock.passedMillis() + 15_000);

        assertThat(answered()).contains("\"e1\"", "UNAVAILABLE", "retry this verb");
    }

    @Test
    void refusalsSayWhatIsUsedUp() {
        submit("e1");
        submit("e2");
        submit("e3");
        assertThat(answered()).contains("\"e3\"", "UNAVAILABLE", "too many commands in progress");
        connection.inFlight().expire(Long.MAX_VALUE);
        submit("e4");
        submit("e5");
        connection.inFlight().expire(Long.MAX_VALUE);
        submit("e6");
        assertThat(answered()).contains("\"e6\"", "RATE_LIMITED", "4 messages per second");
        assertThat(counted("rate_limited")).isEqualTo(1);
        assertThat(inFlight.held()).isZero();
    }
}

package chat.milena.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.gateway.FakeSocket;
import chat.milena.gateway.SyncResults;
import chat.milena.gateway.session.Connection;
import chat.milena.gateway.session.ConnectionConfig;
import chat.milena.gateway.session.FrameMeters;
import chat.milena.gateway.session.OutboxBudget;
import chat.milena.gateway.session.TokenLife;
import chat.milena.protocol.frame.ClientFrame.Sync;
import chat.milena.runtime.limit.Budget;
import chat.milena.runtime.limit.Budget.Bounds;
import chat.milena.runtime.limit.RateLimiter;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.testsupport.MovableClock;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class SyncHandlerTest {
    private static final Sync SYNC = new Sync("s1", JsonNodeFactory.instance.objectNode());

    private final MovableClock clock = new MovableClock();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final OutboxBudget outboxes = new OutboxBudget(new Budget(Bounds.of(1024 * 1024, 100)));
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private String answer = "";
    private final SyncHandler syncs = new SyncHandler(
            (user, body, bytesMax) -> SyncResults.denying(answer),
            waiting::add,
            new Budget(Bounds.of(16, 100).withUser(2)),
            new RateLimiter<>(List.of(), 1, System::nanoTime));

    private final class Device {
        private final FakeSocket socket = new FakeSocket();
        private final Connection connection;

        private Device(String userId) {
            VerifiedToken token =
                    new VerifiedToken("default", userId, null, clock.instant().plusSeconds(3_600), false);
            connection = new Connection(
                    "conn_" + userId,
                    new TokenLife(clock.instant(), clock.passedMillis(), token, Duration.ofSeconds(60)),
                    socket,
                    ConnectionConfig.DEFAULT,
                    new Connection.Shared(
                            new FrameMeters(meters),
                            new Budget(new Bounds(100, 100, Bounds.NONE, Bounds.NONE)),
                            outboxes));
            connection.open();
        }

        private String asks() {
            assertThat(syncs.answers(connection, SYNC)).isTrue();
            return told();
        }

        private String told() {
            socket.run();
            return socket.written.isEmpty() ? "" : socket.written.getLast();
        }
    }

    @Test
    void whoHasManyConnectionsLeavesPlacesForOthers() {
        Device first = new Device("alice");
        Device second = new Device("alice");
        Device third = new Device("alice");
        assertThat(first.asks()).isEmpty();
        assertThat(second.asks()).isEmpty();

        assertThat(third.asks()).contains("UNAVAILABLE", "retryAfter");
        assertThat(new Device("bob").asks()).isEmpty();

        waiting.forEach(Runnable::run);
        waiting.clear();
        assertThat(first.told()).contains("sync.result");
        third.asks();
        waiting.forEach(Runnable::run);
        assertThat(third.told()).contains("sync.result");
    }

    @Test
    void answerForWhichNoRoomIsLeftIsToBeAskedForAgain() {
        Device deaf = new Device("bob");
        deaf.socket.reading = false;
        answer = "x".repeat(900_000);
        deaf.asks();
        waiting.remove().run();
        deaf.told();

        Device alice = new Device("alice");
        alice.asks();
        waiting.remove().run();

        assertThat(alice.told()).contains("UNAVAILABLE", "retryAfter");
        assertThat(alice.connection.isClosing()).isFalse();
    }

    @Test
    void longAnswerCountsMoreOfItsUsersRate() {
        SyncHandler rated = new SyncHandler(
                (user, body, bytesMax) -> SyncResults.denying(answer),
                waiting::add,
                new Budget(Bounds.of(16, 100)),
                new RateLimiter<>(List.of(new RateLimiter.Rate(3, Duration.ofSeconds(10), "syncs")), 10, clock::nanos));
        Device alice = new Device("alice");
        answer = "x".repeat(600_000);

        assertThat(rated.answers(alice.connection, SYNC)).isTrue();
        waiting.remove().run();

        assertThat(rated.answers(alice.connection, SYNC)).isFalse();
        assertThat(rated.answers(new Device("bob").connection, SYNC)).isTrue();
    }
}

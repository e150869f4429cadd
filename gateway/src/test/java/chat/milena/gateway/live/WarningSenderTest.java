package chat.milena.gateway.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.ephemeral.rate.CommandRates;
import chat.milena.ephemeral.rate.RateConfig;
import chat.milena.gateway.FakeCommandLog;
import chat.milena.gateway.FakeDevices;
import chat.milena.gateway.FakeSocket;
import chat.milena.gateway.command.CommandFactory;
import chat.milena.gateway.command.CommandGate;
import chat.milena.gateway.session.Connection;
import chat.milena.gateway.session.ConnectionConfig;
import chat.milena.gateway.session.FrameMeters;
import chat.milena.gateway.session.TokenLife;
import chat.milena.protocol.frame.SafetyFrames.BanUpdated;
import chat.milena.protocol.frame.SafetyFrames.ModerationWarning;
import chat.milena.protocol.frame.SafetyFrames.PendingWarnings;
import chat.milena.protocol.frame.SafetyFrames;
import chat.milena.protocol.frame.ServerFrame;
import chat.milena.protocol.json.RecordJson;
import chat.milena.runtime.limit.Budget.Bounds;
import chat.milena.runtime.limit.Budget;
import chat.milena.runtime.token.Caller;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ActorKind;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WarningSenderTest {
    private static final Caller ALICE = new Caller(new UserKey("shop", "alice"), false);

    private final FakeDevices devices = new FakeDevices();
    private final FakeCommandLog log = new FakeCommandLog();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final WarningSender sender = new WarningSender(
            devices,
            new CommandFactory("gw", Clock.systemUTC()),
            new CommandGate(log, new CommandRates(RateConfig.UNLIMITED, System::nanoTime), System::nanoTime),
            threads);

    WarningSenderTest() {
        devices.warnings.put(
                ALICE.user(), new PendingWarnings(List.of(), List.of(new ModerationWarning("c", "m", "be kind", 7))));
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void warningsAreNotedOnceTheyAreWritten() throws InterruptedException {
        WarningSender.Batch batch = sender.pending(ALICE, "conn_1");
        assertThat(batch.warnings()).hasSize(1);
        assertThat(log.size()).isZero();

        batch.written().run();
        assertThat(log.take().getKind()).isEqualTo("user.warnings");
    }

    @Test
    void bansAreSentToEachClientThatBegins() {
        devices.warnings.put(
                ALICE.user(),
                new PendingWarnings(
                        List.of(new BanUpdated(null, true, 9L, "spam"), new BanUpdated("c", true, null, "rude")),
                        List.of()));
        for (int client = 0; client < 2; client++) {
            WarningSender.Batch batch = sender.pending(ALICE, "conn_1");
            assertThat(batch.bans())
                    .extracting(ServerFrame::toString)
                    .containsExactly(
                            "{\"type\":\"ban.updated\",\"payload\":{\"banned\":true,\"until\":9,\"reason\":\"spam\"}}",
                            "{\"type\":\"ban.updated\",\"payload\":{\"conversationId\":\"c\",\"banned\":true,"
                                    + "\"reason\":\"rude\"}}");
            batch.written().run();
            assertThat(log.size()).isZero();
        }
        Caller moderator = new Caller(ALICE.user(), false, ActorKind.MODERATOR);
        assertThat(sender.pending(moderator, "conn_1").bans()).isEmpty();
    }

    @Test
    void answerOfAnEarlierQuerySideHasNoBans() throws IOException {
        PendingWarnings pending = RecordJson.read("{\"warnings\":[]}".getBytes(UTF_8), PendingWarnings.class);
        assertThat(pending.bans()).isEmpty();
    }

    @Test
    void bansThatWereReadDoNotFollowALaterChange() {
        FakeSocket socket = new FakeSocket();
        Connection connection = connection(socket);
        connection.open();
        ServerFrame ended = SafetyFrames.of(new BanUpdated(null, false, null, "spam"));
        connection.send(ended, 1, null);
        connection.sendBans(List.of(SafetyFrames.of(new BanUpdated(null, true, null, "spam"))));
        socket.run();
        assertThat(socket.written).hasSize(1);
    }

    @Test
    void warningThatTheSocketHasNotTakenIsNotNoted() {
        FakeSocket socket = new FakeSocket();
        socket.reading = false;
        Connection connection = connection(socket);
        connection.open();
        sender.send(connection);
        await().untilAsserted(() -> {
            socket.run();
            assertThat(socket.written).hasSize(1);
        });
        assertThat(log.size()).isZero();

        socket.read();
        await().untilAsserted(() -> {
            socket.run();
            assertThat(log.size()).isEqualTo(1);
        });
    }

    private static Connection connection(FakeSocket socket) {
        VerifiedToken token =
                new VerifiedToken("shop", "alice", null, Instant.now().plusSeconds(3_600), false);
        return new Connection(
                "conn_1",
                new TokenLife(Instant.now(), 0, token, Duration.ofSeconds(60)),
                socket,
                ConnectionConfig.DEFAULT,
                new Connection.Shared(
                        new FrameMeters(new SimpleMeterRegistry()),
                        new Budget(new Bounds(100, 100, Bounds.NONE, Bounds.NONE))));
    }

    /// Neither waits for long, nor notes what nobody was shown.
    @Test
    void slowQuerySideLeavesWarningsForLaterAndACrowdAsksABoundedNumberOfQuestions() throws InterruptedException {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch asking = new CountDownLatch(WarningSender.QUESTIONS_MAX);
        AtomicInteger asked = new AtomicInteger();
        devices.meanwhile = () -> {
            asked.incrementAndGet();
            asking.countDown();
            try {
                held.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        List<Thread> crowd = IntStream.range(0, 10 * WarningSender.QUESTIONS_MAX)
                .mapToObj(i -> Thread.ofVirtual()
                        .start(() -> assertThat(
                                        sender.pending(ALICE, "conn_" + i).warnings())
                                .isEmpty()))
                .toList();
        for (Thread one : crowd) {
            one.join();
        }
        assertThat(asking.await(1, TimeUnit.MINUTES)).isTrue();
        assertThat(asked).hasValue(WarningSender.QUESTIONS_MAX);

        devices.meanwhile = () -> {};
        held.countDown();
        assertThat(log.size()).isZero();
    }
}

package chat.milena.gateway.live;

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
import chat.milena.runtime.limit.Budget.Bounds;
import chat.milena.runtime.limit.Budget;
import chat.milena.runtime.token.Caller;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.schemas.key.UserKey;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
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
        assertThat(batch.frames()).hasSize(1);
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
            assertThat(batch.frames()).hasSize(2);
            batch.written().run();
            assertThat(log.size()).isZero();
        }
    }

    @Test
    void warningThatTheSocketHasNotTakenIsNotNoted() {
        FakeSocket socket = new FakeSocket();
        socket.reading = false;
        VerifiedToken token =
                new VerifiedToken("shop", "alice", null, Instant.now().plusSeconds(3_600), false);
        Connection connection = new Connection(
                "conn_1",
                new TokenLife(Instant.now(), 0, token, Duration.ofSeconds(60)),
                socket,
                ConnectionConfig.DEFAULT,
                new Connection.Shared(
                        new FrameMeters(new SimpleMeterRegistry()),
                        new Budget(new Bounds(100, 100, Bounds.NONE, Bounds.NONE))));
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
                                        sender.pending(ALICE, "conn_" + i).frames())
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

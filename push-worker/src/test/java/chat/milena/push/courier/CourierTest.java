package chat.milena.push.courier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.push.courier.Verdict.Accepted;
import chat.milena.push.courier.Verdict.Gone;
import chat.milena.push.courier.Verdict.Refused;
import chat.milena.push.courier.Verdict.Retry;
import chat.milena.testsupport.MovableClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CourierTest {
    private static final Duration REST = Duration.ofMillis(200);
    private static final CourierLimits LIMITS = new CourierLimits(
            8,
            3,
            4,
            Duration.ofMillis(300),
            Duration.ofMinutes(10),
            new CourierLimits.Breaker(3, 4, REST),
            Duration.ofMillis(300));
    private static final Verdict ACCEPTED = new Accepted();

    private final MovableClock clock = new MovableClock(Instant.parse("2026-01-02T03:04:05Z"));
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Courier courier = new Courier("push", LIMITS, clock, meters);
    private final AtomicInteger attempts = new AtomicInteger();
    private final List<CompletableFuture<Verdict>> open = new ArrayList<>();

    @AfterEach
    void close() {
        open.forEach(attempt -> attempt.complete(ACCEPTED));
        courier.close();
    }

    private Verdict send(String audience, Verdict answer) {
        return courier.send(new Parcel("test", audience, () -> {
                    attempts.incrementAndGet();
                    return CompletableFuture.completedFuture(answer);
                }))
                .join();
    }

    private CompletableFuture<Verdict> sendToASilentOne(String audience) {
        CompletableFuture<Verdict> attempt = new CompletableFuture<>();
        open.add(attempt);
        return courier.send(new Parcel("test", audience, () -> attempt));
    }

    private double counted(String outcome, String reason) {
        return meters.get("milena.courier.verdicts")
                .tags("carrier", "test", "outcome", outcome, "reason", reason)
                .counter()
                .count();
    }

    @Test
    void verdictsPassThroughAndAreCounted() {
        List<Verdict> verdicts =
                List.of(ACCEPTED, new Gone(clock.instant()), new Refused("too_large"), new Retry("throttled"));

        assertThat(verdicts)
                .allSatisfy(verdict -> assertThat(send("a", verdict)).isEqualTo(verdict));

        assertThat(counted("accepted", "")).isOne();
        assertThat(counted("gone", "gone")).isOne();
        assertThat(counted("refused", "too_large")).isOne();
        assertThat(counted("retry", "throttled")).isOne();
        assertThat(meters.get("milena.courier.attempt").timer().count()).isEqualTo(4);
    }

    @Test
    void audienceThatAsksToWaitIsLeftAloneUntilThen() {
        Instant until = clock.instant().plusSeconds(60);
        send("a", new Retry("throttled", until));

        assertThat(send("a", ACCEPTED)).isEqualTo(new Retry("held", until));
        assertThat(send("b", ACCEPTED)).isEqualTo(ACCEPTED);
        clock.advance(Duration.ofSeconds(60));
        assertThat(send("a", ACCEPTED)).isEqualTo(ACCEPTED);
        assertThat(attempts).hasValue(3);
    }

    @Test
    void holdIsBoundedAlsoWhenTheClockIsSetBack() {
        send("a", new Retry("throttled", clock.instant().plus(Duration.ofDays(400))));
        Instant last = clock.instant().plus(LIMITS.holdMax());
        assertThat(send("a", ACCEPTED)).isEqualTo(new Retry("held", last));

        clock.advance(Duration.ofDays(-400));
        assertThat(send("a", ACCEPTED))
                .isEqualTo(new Retry("held", clock.instant().plus(LIMITS.holdMax())));
        clock.advance(LIMITS.holdMax());
        assertThat(send("a", ACCEPTED)).isEqualTo(ACCEPTED);
    }

    @Test
    void audienceInTroubleGetsARestWithoutANetwork() {
        for (int i = 0; i < 3; i++) {
            send("a", new Retry("unreachable"));
        }

        Verdict rest = send("a", ACCEPTED);

        assertThat(rest.reason()).isEqualTo("breaker");
        assertThat(((Retry) rest).notBefore())
                .isBetween(clock.instant(), clock.instant().plus(REST));
        assertThat(attempts).hasValue(3);
        assertThat(meters.get("milena.courier.breakers.open").gauge().value()).isOne();
        assertThat(send("b", ACCEPTED)).isEqualTo(ACCEPTED);
    }

    @Test
    void oneAttemptFindsOutWhetherTheTroubleIsOver() {
        for (int i = 0; i < 3; i++) {
            send("a", new Retry("server_error"));
        }
        await().until(() -> !send("a", new Retry("timeout")).reason().equals("breaker"));
        assertThat(send("a", ACCEPTED).reason()).isEqualTo("breaker");

        await().until(() -> send("a", ACCEPTED).equals(ACCEPTED));
        assertThat(send("a", ACCEPTED)).isEqualTo(ACCEPTED);
        assertThat(meters.get("milena.courier.breakers.open").gauge().value()).isZero();
    }

    /// Anybody can register a subscription that our key is wrong for. It must not close the way for others.
    @Test
    void rejectedKeyAndLimitsAreNoTroubleOfTheAudience() {
        for (int i = 0; i < 20; i++) {
            send("a", new Retry("key"));
            send("a", new Retry("throttled"));
            send("a", new Refused("too_large"));
        }

        assertThat(send("a", ACCEPTED)).isEqualTo(ACCEPTED);
    }

    /// The host was not asked: others had all of the connections to it.
    @Test
    void attemptThatFoundNoConnectionSaysNothingAboutTheAudience() {
        for (int i = 0; i < 20; i++) {
            send("a", new Retry("busy"));
        }
        assertThat(send("a", ACCEPTED)).isEqualTo(ACCEPTED);

        for (int i = 0; i < 3; i++) {
            send("a", new Retry("unreachable"));
        }
        await().until(() -> send("a", new Retry("busy")).reason().equals("busy"));
        assertThat(send("a", new Retry("busy")).reason())
                .as("the next one may find out")
                .isEqualTo("busy");
        assertThat(send("a", new Retry("unreachable")).reason()).isEqualTo("unreachable");
        assertThat(send("a", ACCEPTED).reason()).as("still in trouble").isEqualTo("breaker");
        await().until(() -> send("a", new Retry("busy")).reason().equals("busy"));
        assertThat(send("a", ACCEPTED)).isEqualTo(ACCEPTED);
        assertThat(send("a", ACCEPTED)).as("no trouble any longer").isEqualTo(ACCEPTED);
    }

    @Test
    void silentAudienceKeepsItsOwnPlacesOnlyAndForABoundedTime() {
        List<CompletableFuture<Verdict>> silent =
                List.of(sendToASilentOne("a"), sendToASilentOne("a"), sendToASilentOne("a"));

        assertThat(send("a", ACCEPTED)).isEqualTo(new Retry("busy"));
        assertThat(send("b", ACCEPTED)).isEqualTo(ACCEPTED);
        assertThat(meters.get("milena.courier.in.flight").gauge().value()).isEqualTo(3);

        assertThat(silent).allSatisfy(verdict -> assertThat(verdict.join()).isEqualTo(new Retry("timeout")));
        assertThat(open).allMatch(CompletableFuture::isCancelled);
        assertThat(send("a", ACCEPTED).reason()).isEqualTo("breaker");
        await().until(() -> meters.get("milena.courier.in.flight").gauge().value() == 0);
    }

    @Test
    void attemptsInAllAreBounded() {
        for (int i = 0; i < 8; i++) {
            CompletableFuture<Verdict> _ = sendToASilentOne("audience-" + i);
        }

        assertThat(send("another", ACCEPTED)).isEqualTo(new Retry("busy"));
        assertThat(attempts).hasValue(0);
    }

    @Test
    void audiencesThatAreRememberedAreBounded() {
        Instant until = clock.instant().plusSeconds(60);
        for (int i = 0; i < 200; i++) {
            send("audience-" + i, new Retry("throttled", until));
        }

        long remembered = 0;
        for (int i = 0; i < 200; i++) {
            remembered += send("audience-" + i, ACCEPTED).reason().equals("held") ? 1 : 0;
        }
        assertThat(remembered).isLessThanOrEqualTo(4);
    }

    @Test
    void faultsOfAnAttemptAreVerdictsToo() {
        assertThat(courier.send(new Parcel("test", "a", () -> {
                            throw new IllegalStateException("a bug");
                        }))
                        .join())
                .isEqualTo(new Retry("fault"));
        assertThat(courier.send(new Parcel(
                                "test", "a", () -> CompletableFuture.failedFuture(new IllegalStateException("a bug"))))
                        .join())
                .isEqualTo(new Retry("fault"));
        assertThat(meters.get("milena.courier.in.flight").gauge().value()).isZero();
    }

    @Test
    void closeWaitsForAttemptsAndBeginsNone() {
        CompletableFuture<Verdict> last = sendToASilentOne("a");
        CompletableFuture<Void> answers =
                CompletableFuture.runAsync(() -> open.getFirst().complete(ACCEPTED));

        courier.close();

        assertThat(last).isCompletedWithValue(ACCEPTED);
        assertThat(send("a", ACCEPTED)).isEqualTo(new Retry("closing"));
        answers.join();
    }

    @Test
    void closeDoesNotWaitForEver() {
        Courier patient = new Courier(
                "push",
                new CourierLimits(
                        1, 1, 1, Duration.ofMinutes(5), LIMITS.holdMax(), LIMITS.breaker(), Duration.ofMillis(50)),
                clock,
                new SimpleMeterRegistry());
        CompletableFuture<Verdict> never = patient.send(new Parcel("test", "a", CompletableFuture::new));

        patient.close();

        assertThat(never).isNotDone();
    }
}

package chat.milena.push.provider;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.push.courier.Courier;
import chat.milena.push.courier.CourierLimits;
import chat.milena.push.courier.HttpLimits;
import chat.milena.push.courier.Verdict;
import chat.milena.push.courier.Verdict.Accepted;
import chat.milena.push.courier.Verdict.Gone;
import chat.milena.push.courier.Verdict.Refused;
import chat.milena.push.courier.Verdict.Retry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What every provider does with the answers of its peer, decent or not.
@Timeout(60)
abstract class ProviderContract {
    /// Enough for a busy machine.
    private static final Duration PATIENT = Duration.ofSeconds(3);
    /// For tests whose peer does not answer.
    private static final Duration IMPATIENT = Duration.ofMillis(800);

    static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    final Clock clock = Clock.fixed(NOW, java.time.ZoneOffset.UTC);
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    /// The time of an attempt.
    Duration within = PATIENT;

    Courier courier = courier();
    Provider provider;
    ProviderPeer peer;

    /// The other side of the wire.
    interface ProviderPeer extends AutoCloseable {
        /// As documented: it has taken the notification.
        void accepts();

        /// As documented: the destination exists no longer.
        void saysGone();

        /// As documented: no more for now; again in 120 seconds, where there is a way to say so.
        void throttles();

        void fails();

        /// As documented: a key of ours is wrong.
        void rejectsOurKey();

        /// Takes the request and says nothing.
        void stalls();

        /// Ends the connection before its answer is whole.
        void resets();

        /// To a place that counts its requests in [#redirected].
        void redirects();

        int redirected();

        /// An answer that is none of the protocol.
        void talksNonsense();

        /// An answer that never ends.
        void talksForEver();

        /// Requests for notifications so far.
        int requests();

        @Override
        void close() throws IOException;
    }

    abstract ProviderPeer startPeer() throws Exception;

    abstract Provider startProvider(ProviderPeer of) throws Exception;

    abstract Destination destination();

    /// Whether the provider says when to come back.
    boolean namesAMoment() {
        return true;
    }

    private Courier courier() {
        return new Courier(
                "push",
                new CourierLimits(
                        64,
                        32,
                        100,
                        within,
                        Duration.ofMinutes(10),
                        new CourierLimits.Breaker(5, 10, Duration.ofSeconds(30)),
                        within),
                clock,
                meters);
    }

    /// An exchange ends before its attempt.
    HttpLimits http() {
        return new HttpLimits(64, 32, within, within.multipliedBy(9).dividedBy(10), 16_384);
    }

    /// From now on attempts have little time.
    void impatient() throws Exception {
        provider.close();
        courier.close();
        within = IMPATIENT;
        courier = courier();
        provider = startProvider(peer);
    }

    @BeforeEach
    void start() throws Exception {
        peer = startPeer();
        provider = startProvider(peer);
    }

    @AfterEach
    void stop() throws Exception {
        courier.close();
        provider.close();
        peer.close();
    }

    Verdict send() throws Exception {
        return send(Notifications.message(NOW));
    }

    Verdict send(Notification notification) throws Exception {
        return provider.send(destination(), notification).get(20, TimeUnit.SECONDS);
    }

    @Test
    void acceptedNotificationIsSentOneTime() throws Exception {
        peer.accepts();

        assertThat(send()).isEqualTo(new Accepted());
        assertThat(peer.requests()).isOne();
    }

    @Test
    void destinationThatIsGoneIsGone() throws Exception {
        peer.saysGone();

        assertThat(send()).isInstanceOf(Gone.class);
    }

    @Test
    void throttledNotificationWaitsForItsMoment() throws Exception {
        peer.throttles();

        Verdict verdict = send();

        assertThat(verdict).isEqualTo(new Retry("throttled", namesAMoment() ? NOW.plusSeconds(120) : null));
        peer.accepts();
        assertThat(send()).isEqualTo(namesAMoment() ? new Retry("held", NOW.plusSeconds(120)) : new Accepted());
    }

    @Test
    void errorOfTheServerIsRetried() throws Exception {
        peer.fails();

        assertThat(send().reason()).isEqualTo("server_error");
        assertThat(peer.requests()).isOne();
        peer.accepts();
        assertThat(send()).isEqualTo(new Accepted());
    }

    @Test
    void wrongKeyOfOursDeletesNothing() throws Exception {
        peer.rejectsOurKey();

        for (int i = 0; i < 12; i++) {
            assertThat(send()).isEqualTo(new Retry("key"));
        }
        assertThat(meters.get("milena.courier.verdicts")
                        .tags("outcome", "retry", "reason", "key")
                        .counter()
                        .count())
                .isEqualTo(12);
    }

    @Test
    void silenceIsRetriedAfterABoundedTime() throws Exception {
        impatient();
        peer.stalls();
        long began = System.nanoTime();

        assertThat(send()).isEqualTo(new Retry("timeout"));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void resetWithinTheAnswerIsRetried() throws Exception {
        peer.resets();

        assertThat(send()).isInstanceOf(Retry.class);
        peer.accepts();
        assertThat(send()).isEqualTo(new Accepted());
    }

    @Test
    void redirectIsNotFollowed() throws Exception {
        peer.redirects();

        assertThat(send()).isEqualTo(new Refused("redirect"));
        assertThat(peer.redirected()).isZero();
    }

    @Test
    void nonsenseIsNeitherAcceptedNorTheEndOfADestination() throws Exception {
        peer.talksNonsense();

        assertThat(send()).isInstanceOf(Retry.class);
    }

    @Test
    void endlessAnswerEndsInTime() throws Exception {
        impatient();
        peer.talksForEver();

        assertThat(send()).isInstanceOf(Retry.class);
    }

    @Test
    void peerInTroubleGetsARest() throws Exception {
        peer.fails();
        for (int i = 0; i < 5; i++) {
            send();
        }

        assertThat(send().reason()).isEqualTo("breaker");
        assertThat(peer.requests()).isEqualTo(5);
    }

    @Test
    void manyAtTheSameTimeArrive() throws Exception {
        sendMany();

        assertThat(peer.requests()).isEqualTo(30);
    }

    void sendMany() throws Exception {
        peer.accepts();
        CompletableFuture<?>[] all = new CompletableFuture<?>[30];
        for (int i = 0; i < all.length; i++) {
            all[i] = provider.send(destination(), Notifications.message(NOW));
        }
        CompletableFuture.allOf(all).get(20, TimeUnit.SECONDS);

        assertThat(all).allSatisfy(verdict -> assertThat(verdict.join()).isEqualTo(new Accepted()));
    }

    @Test
    void textFormsHideTheAddress() {
        assertThat(destination().toString())
                .doesNotContain(destination().address().value());
    }
}

package chat.milena.push.courier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import chat.milena.push.courier.HttpCarrier.Answer;
import chat.milena.push.courier.Verdict.Refused;
import chat.milena.push.courier.Verdict.Retry;
import chat.milena.runtime.config.OutsideEndpoints;
import chat.milena.testsupport.MovableClock;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class HttpCarrierTest {
    private static final HttpLimits LIMITS =
            new HttpLimits(16, 8, Duration.ofMillis(400), Duration.ofMillis(800), 1_000);
    private static final byte[] BODY = "body".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    private final MovableClock clock = new MovableClock();
    private RawServer server;
    private HttpCarrier carrier;

    @BeforeEach
    void start() throws Exception {
        server = new RawServer();
        carrier = carrier(OutsideEndpoints.parse(server.origin()));
    }

    private HttpCarrier carrier(OutsideEndpoints endpoints) {
        return new HttpCarrier(LIMITS, endpoints, null, clock);
    }

    @AfterEach
    void stop() throws Exception {
        carrier.close();
        server.close();
    }

    private CompletableFuture<Answer> post() {
        return carrier.post(server.uri("/send"), Map.of("X-Test", "1"), BODY);
    }

    private Verdict failed() {
        return HttpCarrier.failed(catchThrowable(() -> post().join()));
    }

    @Test
    void requestArrivesAndItsAnswerIsRead() {
        server.script((_, peer) -> peer.answer(201, Map.of("Retry-After", "7"), "fine"));

        Answer answer = post().join();

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.retryAt()).isEqualTo(clock.instant().plusSeconds(7));
        assertThat(answer.body()).isEqualTo("fine");
        assertThat(answer.whole()).isTrue();
        assertThat(server.requests()).singleElement().satisfies(request -> {
            assertThat(request.line()).isEqualTo("POST /send HTTP/1.1");
            assertThat(request.body()).isEqualTo(BODY);
            assertThat(request.heads())
                    .containsEntry("x-test", "1")
                    .containsEntry("user-agent", "Milena")
                    .doesNotContainKeys("accept-encoding", "cookie", "upgrade");
        });
    }

    @Test
    void connectionsAreUsedAgainWithoutKeepingAnythingElse() {
        server.script((_, peer) -> peer.answer(200, Map.of("Set-Cookie", "id=1"), "fine"));

        for (int i = 0; i < 5; i++) {
            post().join();
        }

        assertThat(server.connections()).isOne();
        assertThat(server.requests()).allMatch(request -> !request.heads().containsKey("cookie"));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void redirectsAreNotFollowed(int status) throws Exception {
        try (RawServer other = new RawServer()) {
            server.script((_, peer) -> peer.answer(status, Map.of("Location", other.origin() + "/other"), ""));

            assertThat(post().join().common()).isEqualTo(new Refused("redirect"));
            assertThat(other.connections()).isZero();
            assertThat(server.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"429,throttled", "500,server_error", "503,server_error", "599,server_error"})
    void limitsAndErrorsOfServersAreRetried(int status, String reason) {
        server.script((_, peer) -> peer.answer(status, Map.of("Retry-After", "120"), "sorry"));

        assertThat(post().join().common())
                .isEqualTo(new Retry(reason, clock.instant().plusSeconds(120)));
    }

    @Test
    void hugeAnswerIsReadOnlyInPart() {
        server.script((_, peer) -> {
            peer.write("HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n");
            peer.trickle("x".repeat(65_536), 0);
        });

        Answer answer = post().join();

        assertThat(answer.body()).hasSize(1_000);
        assertThat(answer.whole()).isFalse();
        await().until(() -> server.openSockets() == 0);
    }

    @Test
    void endlessChunksAreReadOnlyInPart() {
        server.script((_, peer) -> {
            peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            peer.trickle("4\r\nxxxx\r\n", 0);
        });

        assertThat(post().join().body()).hasSize(1_000);
        await().until(() -> server.openSockets() == 0);
    }

    @Test
    void compressedAnswerIsNotUnpacked() {
        server.script((_, peer) -> peer.answer(200, Map.of("Content-Encoding", "gzip"), "no gzip"));

        assertThat(post().join().body()).isEqualTo("no gzip");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nhalf",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n"
            })
    void brokenBodyLeavesWhatTheHeadSays(String half) {
        server.script((_, peer) -> {
            peer.write(half);
            peer.reset();
        });

        Answer answer = post().join();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.whole()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200",
                "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n",
                "HTTP/1.1 100 Continue\r\n\r\n",
            })
    void resetWithinTheHeadIsUnreachable(String half) {
        server.script((_, peer) -> {
            peer.write(half);
            peer.reset();
        });

        assertThat(failed()).isEqualTo(new Retry("unreachable"));
        assertThat(server.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 abc OK\r\n\r\n",
                "HTTP/9.9 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno head\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 9\r\n\r\nabcdefghi",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: strange\r\n\r\n",
            })
    void nonsenseIsNoAcceptance(String nonsense) {
        server.script((_, peer) -> {
            peer.write(nonsense);
            peer.reset();
        });

        Throwable failure = catchThrowable(() -> post().join());

        assertThat(failure == null ? "none" : HttpCarrier.failed(failure).reason())
                .isIn("nonsense", "unreachable");
    }

    @Test
    void endlessHeadIsCutOff() {
        server.script((_, peer) -> {
            peer.write("HTTP/1.1 200 OK\r\n");
            peer.trickle("X-Head: " + "x".repeat(1_000) + "\r\n", 0);
        });

        assertThat(failed().reason()).isIn("nonsense", "unreachable");
        await().until(() -> server.openSockets() == 0);
    }

    @Test
    void endlessLineIsCutOff() {
        server.script((_, peer) -> {
            peer.write("HTTP/1.1 200 ");
            peer.trickle("x".repeat(10_000), 0);
        });

        assertThat(failed().reason()).isIn("nonsense", "unreachable");
        await().until(() -> server.openSockets() == 0);
    }

    /// Each byte comes in time, and the whole does not.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200 OK\r\n",
                "HTTP/1.1 100 Continue\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"
            })
    void slowAnswerEndsInTime(String begin) {
        server.script((_, peer) -> {
            peer.write(begin);
            if (begin.contains("100 Continue")) {
                peer.trickle(begin, 20);
            } else if (begin.endsWith("OK\r\n")) {
                peer.trickle("X: y\r\n", 100);
            } else {
                peer.trickle("x", 20);
            }
        });
        long began = System.nanoTime();

        assertThat(failed()).isEqualTo(new Retry("timeout"));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        await().until(() -> server.openSockets() == 0);
    }

    @Test
    void silentServerEndsInTime() {
        server.script((_, peer) -> peer.stall());

        assertThat(failed()).isEqualTo(new Retry("timeout"));
        await().until(() -> server.openSockets() == 0);
    }

    /// Other audiences may be behind the same origin.
    @Test
    void exchangeWithoutAConnectionIsBusyAndHasAskedNobody() {
        server.script((_, peer) -> peer.stall());
        HttpLimits few = new HttpLimits(16, 8, Duration.ofMillis(200), Duration.ofSeconds(20), 1_000);
        try (HttpCarrier full = new HttpCarrier(few, OutsideEndpoints.parse(server.origin()), null, clock)) {
            for (int i = 0; i < few.perOriginMax(); i++) {
                CompletableFuture<Answer> _ = full.post(server.uri("/send"), Map.of(), BODY);
            }
            await().until(() -> server.requests().size() == few.perOriginMax());

            Throwable failure = catchThrowable(
                    () -> full.post(server.uri("/send"), Map.of(), BODY).join());

            assertThat(HttpCarrier.failed(failure)).isEqualTo(new Retry("busy"));
            assertThat(server.requests()).hasSize(few.perOriginMax());
        }
    }

    @Test
    void cancelledExchangeEndsItsConnection() {
        server.script((_, peer) -> peer.stall());
        CompletableFuture<Answer> answer = post();
        await().until(() -> server.requests().size() == 1);

        answer.cancel(true);

        await().until(() -> server.openSockets() == 0);
    }

    @Test
    void closedPortIsUnreachable() throws Exception {
        server.close();

        assertThat(failed()).isEqualTo(new Retry("unreachable"));
    }

    @Test
    void unknownHostIsUnreachable() {
        Throwable failure =
                catchThrowable(() -> carrier.post(URI.create("https://no-such-host.invalid/"), Map.of(), BODY)
                        .join());

        assertThat(HttpCarrier.failed(failure)).isEqualTo(new Retry("unreachable"));
    }

    /// The name was good when it was registered, and stands for another address now.
    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", "127.1", "[::1]", "[::ffff:127.0.0.1]"})
    void privateAddressIsNeverConnectedTo(String host) {
        try (HttpCarrier strict = carrier(OutsideEndpoints.PUBLIC)) {
            URI target = URI.create("http://" + host + ":" + server.port() + "/send");

            Throwable failure =
                    catchThrowable(() -> strict.post(target, Map.of(), BODY).join());

            assertThat(HttpCarrier.failed(failure)).isEqualTo(new Refused("address"));
            assertThat(server.connections()).isZero();
        }
    }

    @Test
    void certificateOfAStrangerIsNotTrusted() throws Exception {
        SSLContext tls = TestCertificate.make(folder).tls();
        try (RawServer secure = new RawServer(tls);
                HttpCarrier distrusting =
                        new HttpCarrier(HttpLimits.STANDARD, OutsideEndpoints.parse(secure.origin()), null, clock);
                HttpCarrier trusting =
                        new HttpCarrier(HttpLimits.STANDARD, OutsideEndpoints.parse(secure.origin()), tls, clock)) {
            Throwable failure = catchThrowable(
                    () -> distrusting.post(secure.uri("/send"), Map.of(), BODY).join());

            assertThat(HttpCarrier.failed(failure)).isEqualTo(new Retry("unreachable"));
            assertThat(secure.requests()).isEmpty();
            assertThat(trusting.post(secure.uri("/send"), Map.of(), BODY).join().status())
                    .isEqualTo(200);
        }
    }

    @Test
    void stalledHandshakeEndsInTime() throws Exception {
        SSLContext tls = TestCertificate.make(folder).tls();
        try (ServerSocket silent = new ServerSocket(0)) {
            String origin = "https://127.0.0.1:" + silent.getLocalPort();
            try (HttpCarrier trusting = new HttpCarrier(LIMITS, OutsideEndpoints.parse(origin), tls, clock)) {
                Throwable failure = catchThrowable(() ->
                        trusting.post(URI.create(origin + "/"), Map.of(), BODY).join());

                assertThat(HttpCarrier.failed(failure)).isEqualTo(new Retry("timeout"));
            }
        }
    }
}

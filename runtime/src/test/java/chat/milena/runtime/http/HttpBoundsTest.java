package chat.milena.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.runtime.health.Readiness;
import chat.milena.runtime.token.InvalidTokenException;
import chat.milena.runtime.token.VerifiedToken;
import io.undertow.Handlers;
import io.undertow.util.Methods;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What clients who are slow, silent or too many can take from the others.
@Timeout(60)
class HttpBoundsTest {
    private static final int CALLS_MAX = 2;
    private static final int BODY_BYTES_MAX = 1_024;
    private static final Duration LONG = Duration.ofSeconds(50);
    private static final Duration SHORT = Duration.ofMillis(300);
    /// More than all buffers between a server and a client that does not read can hold.
    private static final byte[] LARGE = "x".repeat(16 * 1024 * 1024).getBytes(StandardCharsets.US_ASCII);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch released = new CountDownLatch(1);
    private final CountDownLatch checked = new CountDownLatch(1);
    private final AtomicInteger inProgress = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger checks = new AtomicInteger();
    private final HttpClient http = HttpClient.newHttpClient();
    private HttpFront front = front(1, LONG);

    private void start(int connectionsMax, Duration exchangeWithin) throws IOException {
        front = front(connectionsMax, exchangeWithin);
        front.start();
    }

    private HttpFront front(int connectionsMax, Duration exchangeWithin) {
        HttpRoutes routes = new HttpRoutes(List.of(
                HttpRoutes.Route.of(Methods.POST, "/api/waits", true, call -> waits()),
                HttpRoutes.Route.of(Methods.GET, "/api/large", false, call -> {
                    answered.incrementAndGet();
                    return HttpAnswer.of(200, LARGE);
                }),
                HttpRoutes.Route.of(Methods.GET, "/api/small", false, call -> HttpAnswer.empty())));
        HttpApi api = new HttpApi(
                routes, new HttpApi.Bounds(CALLS_MAX, BODY_BYTES_MAX), AllowedOrigins.ANY, this::verify, threads);
        Readiness readiness = new Readiness();
        readiness.set(Readiness.START, true, "");
        HttpConfig config = HttpConfig.of("127.0.0.1", 0).withBounds(connectionsMax, exchangeWithin);
        HttpFront made = new HttpFront(config, readiness, AllowedOrigins.ANY, () -> "");
        made.mount("/api", api);
        return made;
    }

    private VerifiedToken verify(String token) throws InvalidTokenException {
        if (token.equals("slow")) {
            checks.incrementAndGet();
            uninterrupted(checked);
            throw new InvalidTokenException("bad token");
        }
        return new VerifiedToken("default", token, null, Instant.MAX, false);
    }

    private HttpAnswer waits() {
        inProgress.incrementAndGet();
        uninterrupted(released);
        return HttpAnswer.empty();
    }

    private static void uninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void stop() {
        released.countDown();
        checked.countDown();
        http.shutdownNow();
        front.stop(Duration.ofSeconds(1));
        threads.shutdownNow();
    }

    private HttpRequest request(String token, String path, boolean posts) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + front.port() + "/api/" + path))
                .header("Authorization", "Bearer " + token);
        return posts ? builder.POST(BodyPublishers.ofString("{}")).build() : builder.build();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(request("alice", path, false), BodyHandlers.ofString());
    }

    @Test
    void callsBeyondTheirBoundAreRefusedAndPlacesComeBack() throws Exception {
        start(100, LONG);
        List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
        for (int i = 0; i < CALLS_MAX; i++) {
            calls.add(http.sendAsync(request("alice", "waits", true), BodyHandlers.ofString()));
        }
        await().until(() -> inProgress.get() == CALLS_MAX);

        HttpResponse<String> refused = get("small");
        released.countDown();

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).contains("too many calls in progress");
        calls.forEach(call -> assertThat(call.join().statusCode()).isEqualTo(204));
        assertThat(get("small").statusCode()).isEqualTo(204);
    }

    @Test
    void callersWhoAreNotKnownYetTakeNoPlace() throws Exception {
        start(100, LONG);
        for (int i = 0; i < 2 * CALLS_MAX; i++) {
            var _ = http.sendAsync(request("slow", "small", false), BodyHandlers.ofString());
        }
        await().until(() -> checks.get() == 2 * CALLS_MAX);

        assertThat(get("small").statusCode()).isEqualTo(204);
    }

    @Test
    void callersWhoDoNotReadTheirAnswersKeepNoPlaceAndAreCut() throws Exception {
        start(100, Duration.ofSeconds(5));
        List<RawConnection> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 2 * CALLS_MAX; i++) {
                RawConnection client = new RawConnection(front.port());
                silent.add(client);
                String call = "GET /api/large HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer bob\r\n\r\n";
                client.send(call.repeat(3));
                int soFar = i + 1;
                await().until(() -> answered.get() >= soFar);
            }

            assertThat(get("small").statusCode()).isEqualTo(204);
            for (RawConnection client : silent) {
                await().atMost(LONG).until(client::isCut);
            }
        } finally {
            for (RawConnection client : silent) {
                client.close();
            }
        }
    }

    @Test
    void halfABodyEndsWithTheConnection() throws Exception {
        start(100, SHORT);
        try (RawConnection client = new RawConnection(front.port())) {
            client.send("POST /api/waits HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer bob\r\n"
                    + "Content-Length: 100\r\n\r\n{\"half\":");

            assertThat(client.readToEnd()).isZero();
        }
        assertThat(inProgress).hasValue(0);
    }

    @Test
    void deadlineIsOfOneExchangeAndNotOfTheConnection() throws Exception {
        start(100, SHORT);
        Duration waits = SHORT.multipliedBy(3);
        try (RawConnection client = new RawConnection(front.port())) {
            String call = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
            client.send(call);
            assertThat(client.readUntil("alive\n")).contains(" 200 ");

            assertThat(client.isOpenAfter(waits)).isTrue();
            client.send(call);
            assertThat(client.readUntil("alive\n")).contains(" 200 ");
        }
    }

    @Test
    void webSocketOutlivesTheDeadlineOfItsUpgrade() throws Exception {
        start(100, SHORT);
        front.mount("/ws", Handlers.websocket((exchange, channel) -> channel.resumeReceives()));
        try (RawConnection client = new RawConnection(front.port())) {
            List<String> head = List.of(
                    "GET /ws HTTP/1.1",
                    "Host: localhost",
                    "Upgrade: websocket",
                    "Connection: Upgrade",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                    "\r\n");
            client.send(String.join("\r\n", head));
            assertThat(client.readUntil("\r\n\r\n")).contains(" 101 ");

            assertThat(client.isOpenAfter(SHORT.multipliedBy(3))).isTrue();
        }
    }

    @Test
    void connectionsBeyondTheirBoundWaitUntilAnotherIsClosed() throws Exception {
        start(2, LONG);
        String call = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
        RawConnection first = new RawConnection(front.port());
        try (RawConnection second = new RawConnection(front.port());
                RawConnection third = new RawConnection(front.port())) {
            first.send(call);
            assertThat(first.readUntil("alive\n")).contains(" 200 ");
            second.send(call);
            assertThat(second.readUntil("alive\n")).contains(" 200 ");
            third.send(call);
            assertThat(third.isOpenAfter(SHORT)).isTrue();

            first.close();

            assertThat(third.readUntil("alive\n")).contains(" 200 ");
        }
    }
}

package chat.milena.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.runtime.lifecycle.Readiness;
import chat.milena.runtime.token.InvalidTokenException;
import chat.milena.runtime.token.VerifiedToken;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
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
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What clients who are slow, silent or too many can take from the others.
@Timeout(60)
class HttpBoundsTest {
    /// A user may have one of them, a tenant half.
    private static final int CALLS_MAX = 8;
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
    private SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final HttpClient http = HttpClient.newHttpClient();
    private HttpFront front = front(1, LONG);

    private void start(int connectionsMax, Duration exchangeWithin) throws IOException {
        front = front(connectionsMax, exchangeWithin);
        front.start();
    }

    private HttpFront front(int connectionsMax, Duration exchangeWithin) {
        return front(HttpConfig.of("127.0.0.1", 0).withBounds(connectionsMax, exchangeWithin), 0);
    }

    private HttpFront front(HttpConfig config, int userRate) {
        Readiness readiness = new Readiness();
        readiness.set(Readiness.START, true, "");
        meters = new SimpleMeterRegistry();
        HttpFront made = new HttpFront(config, readiness, AllowedOrigins.ANY, meters);
        List<Route> routes = List.of(
                Route.of(Methods.POST, "/api/waits", true, call -> waits()),
                Route.of(Methods.POST, "/api/echo", true, call -> HttpAnswer.of(200, new byte[] {'o', 'k'})),
                Route.of(Methods.GET, "/api/large", false, call -> {
                    answered.incrementAndGet();
                    return HttpAnswer.of(200, LARGE);
                }),
                Route.of(Methods.GET, "/api/dear", false, call -> HttpAnswer.empty())
                        .withCost(15),
                Route.of(Methods.GET, "/api/small", false, call -> HttpAnswer.empty()));
        HttpApi.Bounds bounds = new HttpApi.Bounds(CALLS_MAX, BODY_BYTES_MAX, userRate);
        made.mount(new HttpApi(routes, bounds, AllowedOrigins.ANY, this::verify, made.budgets(), threads));
        return made;
    }

    private VerifiedToken verify(String token) throws InvalidTokenException {
        if (token.equals("bad")) {
            throw new InvalidTokenException("bad token");
        }
        if (token.equals("slow")) {
            checks.incrementAndGet();
            uninterrupted(checked);
            throw new InvalidTokenException("bad token");
        }
        String[] tenantAndUser = token.split("/", 2);
        return new VerifiedToken(tenantAndUser[0], tenantAndUser[1], null, Instant.MAX, false);
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
    void stop() throws Exception {
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

    private HttpResponse<String> get(String token, String path) throws Exception {
        return http.send(request(token, path, false), BodyHandlers.ofString());
    }

    private static String call(String token, String path) {
        return "GET /api/" + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token + "\r\n\r\n";
    }

    private double held(String gauge) {
        return meters.get("milena.http." + gauge).gauge().value();
    }

    @Test
    void callsBeyondAUsersShareAreRefusedAndPlacesComeBack() throws Exception {
        start(100, LONG);
        CompletableFuture<HttpResponse<String>> waiting =
                http.sendAsync(request("acme/alice", "waits", true), BodyHandlers.ofString());
        await().until(() -> inProgress.get() == 1);

        HttpResponse<String> refused = get("acme/alice", "small");
        assertThat(get("acme/bob", "small").statusCode()).isEqualTo(204);
        released.countDown();

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).contains("too many calls in progress");
        assertThat(waiting.join().statusCode()).isEqualTo(204);
        await().untilAsserted(() ->
                assertThat(get("acme/alice", "small").statusCode()).isEqualTo(204));
    }

    @Test
    void workOfAClientThatHasGoneIsInterrupted() throws Exception {
        start(100, LONG);
        try (RawConnection client = new RawConnection(front.port())) {
            client.send("POST /api/waits HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer acme/alice\r\n"
                    + "Content-Length: 2\r\n\r\n{");
            client.send("}");
            await().until(() -> inProgress.get() == 1);
            assertThat(get("acme/alice", "small").statusCode()).isEqualTo(503);
        }

        await().atMost(Duration.ofSeconds(1))
                .until(() -> get("acme/alice", "small").statusCode() == 204);
    }

    @Test
    void callersWhoAreNotKnownYetTakeNoPlace() throws Exception {
        start(100, LONG);
        for (int i = 0; i < 2 * CALLS_MAX; i++) {
            var _ = http.sendAsync(request("slow", "small", false), BodyHandlers.ofString());
        }
        await().until(() -> checks.get() == 2 * CALLS_MAX);

        assertThat(get("acme/alice", "small").statusCode()).isEqualTo(204);
    }

    /// The place of a call is its user's until the answer is written, and a user has few.
    @Test
    void userWhoDoesNotReadAnswersIsRefusedAndThenCutAndOthersAreServed() throws Exception {
        start(100, Duration.ofSeconds(5));
        List<RawConnection> silent = new ArrayList<>();
        try {
            RawConnection first = new RawConnection(front.port());
            silent.add(first);
            first.send(call("acme/bob", "large").repeat(3));
            await().until(() -> answered.get() == 1);
            for (int i = 0; i < 5; i++) {
                RawConnection next = new RawConnection(front.port());
                silent.add(next);
                next.send(call("acme/bob", "large"));
                assertThat(next.readUntil("\r\n\r\n")).contains(" 503 ");
            }

            assertThat(answered).hasValue(1);
            await().until(() -> held("answer.bytes") == LARGE.length);
            assertThat(get("acme/alice", "small").statusCode()).isEqualTo(204);
            await().atMost(LONG).until(first::isCut);
            await().until(() -> held("answer.bytes") == 0);
            assertThat(get("acme/bob", "small").statusCode()).isEqualTo(204);
        } finally {
            for (RawConnection client : silent) {
                client.close();
            }
        }
    }

    @Test
    void longAnswerCostsItsUserMore() throws Exception {
        front = front(HttpConfig.of("127.0.0.1", 0), 2);
        front.start();

        assertThat(get("acme/alice", "large").statusCode()).isEqualTo(200);
        assertThat(get("acme/alice", "small").statusCode()).isEqualTo(429);
        assertThat(get("acme/bob", "small").statusCode()).isEqualTo(204);
    }

    @Test
    void userIsHeldToARateInWhichDearCallsCountMore() throws Exception {
        front = front(HttpConfig.of("127.0.0.1", 0), 2);
        front.start();

        assertThat(get("acme/alice", "dear").statusCode()).isEqualTo(204);
        assertThat(get("acme/alice", "small").statusCode()).isEqualTo(204);
        HttpResponse<String> refused = get("acme/alice", "dear");

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(get("acme/bob", "dear").statusCode()).isEqualTo(204);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 18446744073709551618",
                "Content-Length: 18446744073709551616",
                "Content-Length: +2",
                "Content-Length: -1",
                "Content-Length: 2\r\nContent-Length: 2",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: identity",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                "Authorization: Bearer acme/alice\r\nAuthorization: Bearer acme/bob"
            })
    void headsThatProxiesMayReadOtherwiseEndTheConnection(String heads) throws Exception {
        start(100, LONG);
        try (RawConnection client = new RawConnection(front.port())) {
            client.send("POST /healthz HTTP/1.1\r\nHost: localhost\r\n" + heads + "\r\n\r\n"
                    + "{}GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n");

            assertThat(client.readUntil("\r\n\r\n")).contains(" 400 ");
            assertThat(client.readToEnd()).isLessThan(200);
        }
    }

    /// Else its exchange would stay open until the body has come, and nothing could evict it.
    @ParameterizedTest
    @ValueSource(strings = {"/healthz", "/readyz", "/nosuch", "/healthz;x", "/%zz"})
    void answerBeforeTheBodyHasComeEndsTheConnection(String path) throws Exception {
        start(100, LONG);
        for (String body : List.of("Content-Length: 900", "Transfer-Encoding: chunked")) {
            try (RawConnection client = new RawConnection(front.port())) {
                client.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + body + "\r\n\r\n");

                await().atMost(Duration.ofSeconds(5)).until(client::isCut);
                await().untilAsserted(() -> assertThat(held("strangers")).isZero());
            }
        }
    }

    @Test
    void bodyTakesNoMemoryBeforeItComesAndNoneWithoutAToken() throws Exception {
        start(100, LONG);
        String head = "POST /api/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\nAuthorization: Bearer ";
        try (RawConnection bad = new RawConnection(front.port());
                RawConnection good = new RawConnection(front.port())) {
            bad.send(head + "bad\r\n\r\n" + "x".repeat(100));
            assertThat(bad.readUntil("\r\n\r\n")).contains(" 401 ").contains("Connection: close");
            good.send(head + "acme/alice\r\n\r\n");
            assertThat(bad.readToEnd()).isLessThan(100);
            await().untilAsserted(() -> assertThat(held("strangers")).isZero());
            assertThat(held("body.bytes")).isZero();

            good.send("{" + " ".repeat(499));
            await().until(() -> held("body.bytes") == 500);
            good.send(" ".repeat(499) + "}");

            assertThat(good.readUntil("ok")).contains(" 200 ");
            await().until(() -> held("body.bytes") == 0);
        }
    }

    @Test
    void chunkedBodyWithoutEndIsRefusedAtItsBound() throws Exception {
        start(100, LONG);
        try (RawConnection client = new RawConnection(front.port())) {
            List<String> head = List.of(
                    "POST /api/echo HTTP/1.1",
                    "Host: localhost",
                    "Transfer-Encoding: chunked",
                    "Authorization: Bearer acme/alice",
                    "\r\n");
            client.send(String.join("\r\n", head));
            client.send(("200\r\n" + " ".repeat(512) + "\r\n").repeat(3));

            assertThat(client.readUntil("\r\n\r\n")).contains(" 413 ").contains("Connection: close");
        }
        await().until(() -> held("body.bytes") == 0);
    }

    @Test
    void clientThatWaitsToBeAskedForItsBodyIsAskedOrRefusedBefore() throws Exception {
        start(100, LONG);
        String head = "POST /api/echo HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nAuthorization: Bearer ";
        try (RawConnection good = new RawConnection(front.port());
                RawConnection bad = new RawConnection(front.port());
                RawConnection large = new RawConnection(front.port())) {
            good.send(head + "acme/alice\r\nContent-Length: 2\r\n\r\n");
            assertThat(good.readUntil("\r\n\r\n")).contains(" 100 ");
            good.send("{}");
            assertThat(good.readUntil("ok")).contains(" 200 ");

            bad.send(head + "bad\r\nContent-Length: 2\r\n\r\n");
            assertThat(bad.readUntil("\r\n\r\n")).contains(" 401 ");
            large.send(head + "acme/alice\r\nContent-Length: 9999\r\n\r\n");
            assertThat(large.readUntil("\r\n\r\n")).contains(" 413 ");
        }
    }

    @Test
    void headsBeyondTheirBoundsEndTheConnection() throws Exception {
        start(100, LONG);
        String line = "GET /api/small HTTP/1.1\r\nHost: localhost\r\n";
        for (String head : List.of(
                line + "X: " + "x".repeat(20_000),
                line
                        + "X-%d: x\r\n"
                                .repeat(70)
                                .formatted(IntStream.range(0, 70).boxed().toArray()),
                "GET /" + "x".repeat(20_000))) {
            try (RawConnection client = new RawConnection(front.port())) {
                client.send(head);

                assertThat(client.readToEnd()).isLessThan(1_000);
            }
        }
    }

    @Test
    void requestsAreCountedByRouteAndStatusAndTheirErrorsByCode() throws Exception {
        front = front(10, Duration.ofSeconds(10));
        front.start();

        assertThat(get("acme/alice", "small").statusCode()).isEqualTo(204);
        assertThat(get("acme/alice", "small?any=1").statusCode()).isEqualTo(204);
        assertThat(get("bad", "small").statusCode()).isEqualTo(401);
        assertThat(get("acme/alice", "nothing/at/all").statusCode()).isEqualTo(404);

        await().until(() -> answered("GET /api/small", 204) == 2);
        await().until(() -> answered("GET /api/small", 401) == 1);
        await().until(() -> answered("other", 404) == 1);
        assertThat(rejected("UNAUTHORIZED")).isEqualTo(1);
        assertThat(rejected("INVALID_REQUEST")).isEqualTo(1);
        assertThat(rejected("RATE_LIMITED")).isZero();
    }

    private long answered(String route, int status) {
        return meters.timer("milena.http.requests", "route", route, "status", Integer.toString(status))
                .count();
    }

    private double rejected(String code) {
        return meters.get("milena.rejections")
                .tags("answered", "call", "code", code)
                .counter()
                .count();
    }

    @Test
    void addressHasSoManyStrangersAndAUsersConnectionIsNoneOfThem() throws Exception {
        front = front(HttpConfig.of("127.0.0.1", 0).withShares(2, 1), 0);
        front.start();
        List<RawConnection> all = new ArrayList<>();
        try {
            RawConnection user = new RawConnection(front.port());
            all.add(user);
            user.send(call("acme/alice", "small"));
            assertThat(user.readUntil("\r\n\r\n")).contains(" 204 ").doesNotContain("Connection: close");
            for (int i = 0; i < 2; i++) {
                all.add(new RawConnection(front.port()));
            }
            await().until(() -> held("strangers") == 2);

            RawConnection tooMany = new RawConnection(front.port());
            all.add(tooMany);
            assertThat(tooMany.readToEnd()).isZero();
            assertThat(meters.counter("milena.http.refused", "bound", "address").count())
                    .isEqualTo(1);
            assertThat(meters.counter("milena.http.refused", "bound", "all").count())
                    .isZero();
            all.get(1).send(call("acme/alice", "small"));
            assertThat(all.get(1).readUntil("\r\n\r\n"))
                    .as("a second one of the same user")
                    .contains(" 204 ")
                    .contains("Connection: close");
        } finally {
            for (RawConnection client : all) {
                client.close();
            }
        }
        await().until(() -> held("connections") == 0 && held("strangers") == 0);
    }

    @Test
    void strangerThatWaitsLongestMakesRoom() throws Exception {
        start(4, LONG);
        try (RawConnection user = new RawConnection(front.port())) {
            user.send(call("acme/alice", "small"));
            assertThat(user.readUntil("\r\n\r\n")).contains(" 204 ");
            RawConnection silent = new RawConnection(front.port());
            await().until(() -> held("strangers") == 1);
            try (RawConnection next = new RawConnection(front.port())) {
                next.send(call("acme/bob", "small"));
                assertThat(next.readUntil("\r\n\r\n")).contains(" 204 ");
            }

            assertThat(silent.readToEnd()).isZero();
            assertThat(meters.counter("milena.http.evicted").count()).isEqualTo(1);
            user.send(call("acme/alice", "small"));
            assertThat(user.readUntil("\r\n\r\n")).contains(" 204 ");
            silent.close();
        }
    }

    @Test
    void userThatAsksForNothingMoreIsClosedInTime() throws Exception {
        front = front(HttpConfig.of("127.0.0.1", 0).behind(TrustedProxies.NONE, SHORT), 0);
        front.start();
        try (RawConnection user = new RawConnection(front.port())) {
            user.send(call("acme/alice", "small"));
            assertThat(user.readUntil("\r\n\r\n")).contains(" 204 ");

            assertThat(user.readToEnd()).isZero();
        }
        await().until(() -> held("connections") == 0);
    }

    @Test
    void halfABodyEndsWithTheConnection() throws Exception {
        start(100, SHORT);
        try (RawConnection client = new RawConnection(front.port())) {
            client.send("POST /api/waits HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer acme/bob\r\n"
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
}

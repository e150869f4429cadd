package chat.milena.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import chat.milena.runtime.health.Readiness;
import io.undertow.server.HttpHandler;
import java.net.BindException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HttpFrontTest {
    private static final Duration SOON = Duration.ofSeconds(1);

    private final Readiness readiness = new Readiness();
    private final HttpFront front = front(0);

    private HttpFront front(int port) {
        return new HttpFront(
                HttpConfig.of("127.0.0.1", port),
                readiness,
                AllowedOrigins.parse("*=https://app.example"),
                () -> "some metrics");
    }

    private String body(String path) throws Exception {
        return answer(HttpRequest.newBuilder(uri(path)).build());
    }

    private String posted(String path) throws Exception {
        return answer(
                HttpRequest.newBuilder(uri(path)).POST(BodyPublishers.noBody()).build());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + front.port() + path);
    }

    private static String answer(HttpRequest request) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, BodyHandlers.ofString()).body();
        }
    }

    private static HttpHandler says(String word) {
        return exchange -> exchange.getResponseSender().send(word);
    }

    @AfterEach
    void stop() {
        front.stop(SOON);
    }

    @Test
    void portInUseIsOneClearLine() throws Exception {
        front.start();
        int taken = front.port();

        assertThatThrownBy(() -> front(taken).start())
                .isInstanceOf(BindException.class)
                .hasMessageStartingWith("port " + taken + " on 127.0.0.1 cannot be listened on: ")
                .hasMessageNotContaining("\n");
    }

    @Test
    void longestMountedPrefixServesAPath() throws Exception {
        readiness.set(Readiness.START, true, "");
        front.mount("/api", says("api"));
        front.mount("/api/v1/sync", says("sync"));
        front.start();

        assertThat(body("/api/v1/groups")).isEqualTo("api");
        assertThat(body("/api/v1/sync")).isEqualTo("sync");
        assertThat(body("/api/v1/sync/deep")).isEqualTo("sync");
        assertThat(body("/api/v1/synchronous")).isEqualTo("api");
        assertThat(body("/apis")).contains("no such path");
        front.unmount("/api/v1/sync");
        assertThat(body("/api/v1/sync")).isEqualTo("api");
    }

    @Test
    void readsOfAPathMayBeServedByAnotherThanItsWrites() throws Exception {
        readiness.set(Readiness.START, true, "");
        front.mount("/api", says("writes"));
        front.mountReads("/api", says("reads"));
        front.start();

        assertThat(body("/api/v1")).isEqualTo("reads");
        assertThat(posted("/api/v1")).isEqualTo("writes");
        front.unmountReads("/api");
        assertThat(body("/api/v1")).isEqualTo("writes");
    }

    @Test
    void componentServesOnWhileAnotherTakesOver() throws Exception {
        readiness.set(Readiness.START, true, "");
        readiness.set("sequencer", false, "taking over partitions");
        front.mount("/api", says("api"));
        front.start();

        assertThat(body("/api/v1")).isEqualTo("api");
        assertThat(body("/ws")).contains("not ready");
        readiness.set("sequencer", true, "");
        assertThat(body("/ws")).contains("no such path");
    }

    @Test
    void nothingIsServedBeforeTheProcessHasStartedNorWhileItStops() throws Exception {
        readiness.set(Readiness.START, false, "starting");
        readiness.set("gateway", true, "");
        front.mount("/api", says("api"));
        front.start();

        assertThat(body("/api/v1")).contains("not ready");
        readiness.set(Readiness.START, true, "");
        assertThat(body("/api/v1")).isEqualTo("api");
        readiness.set(Readiness.START, false, "stopping");
        assertThat(body("/api/v1")).contains("not ready");
    }

    @Test
    void allowedWebsitesCanReadThatNothingIsServedYet() throws Exception {
        front.start();
        String preflight = "OPTIONS /api HTTP/1.1|Host: localhost|Access-Control-Request-Method: POST|Origin: ";
        String call = "POST /api HTTP/1.1|Host: localhost|Content-Length: 0|Origin: ";
        String allowed = "Access-Control-Allow-Origin: https://app.example";

        assertThat(head(preflight + "https://app.example")).contains(" 204 ").contains(allowed);
        assertThat(head(call + "https://app.example")).contains(" 503 ").contains(allowed);
        assertThat(head(preflight + "https://evil.example")).contains(" 403 ").doesNotContain("Allow-Origin");
        assertThat(head(call + "https://evil.example")).contains(" 503 ").doesNotContain("Allow-Origin");
    }

    private String head(String request) throws Exception {
        try (RawConnection client = new RawConnection(front.port())) {
            client.send(request.replace("|", "\r\n") + "\r\n\r\n");
            return client.readUntil("\r\n\r\n");
        }
    }

    @Test
    void metricsAreServedBeforeAnythingIsReady() throws Exception {
        front.start();

        assertThat(body("/metrics")).isEqualTo("some metrics\n");
    }

    @Test
    void slowScrapesKeepNobodyElseWaitingAndComeOneAtATime() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger atOnceMax = new AtomicInteger();
        HttpFront slow = new HttpFront(HttpConfig.of("127.0.0.1", 0), readiness, AllowedOrigins.ANY, () -> {
            atOnceMax.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            awaitRelease(released);
            atOnce.decrementAndGet();
            return "slow metrics";
        });
        slow.start();
        List<RawConnection> scrapers = new ArrayList<>();
        try {
            for (int i = 0; i < 17; i++) {
                scrapers.add(asked(slow, "/metrics"));
                int waiting = i + 1;
                await().until(() -> slow.scrapesUnderWay() == waiting);
            }

            assertThat(asked(slow, "/metrics").readUntil("\r\n\r\n")).contains(" 503 ");
            assertThat(asked(slow, "/healthz").readUntil("alive\n")).contains(" 200 ");
            released.countDown();
            for (RawConnection scraper : scrapers) {
                assertThat(scraper.readUntil("slow metrics\n")).contains(" 200 ");
            }
            assertThat(atOnceMax).hasValue(1);
        } finally {
            released.countDown();
            for (RawConnection scraper : scrapers) {
                scraper.close();
            }
            slow.stop(SOON);
        }
    }

    private static void awaitRelease(CountDownLatch released) {
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static RawConnection asked(HttpFront front, String path) throws Exception {
        RawConnection client = new RawConnection(front.port());
        client.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        return client;
    }

    @Test
    void stoppingTwiceOrBeforeTheStartDoesNoHarm() throws Exception {
        front.stop(SOON);
        front.start();
        front.stop(SOON);

        front.stop(SOON);
    }
}
